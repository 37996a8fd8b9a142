/** `os` with constant answers, which say nothing about the machine. */
export const EOL = '\n'
export const constants = { signals: {}, errno: {} }
export const platform = (): string => 'linux'
export const type = (): string => 'Linux'
export const release = (): string => '0.0.0'
export const arch = (): string => 'x64'
export const endianness = (): string => 'LE'
export const hostname = (): string => 'localhost'
export const homedir = (): string => '/'
export const tmpdir = (): string => '/tmp'
export const cpus = (): object[] => []
export const networkInterfaces = (): object => ({})
export const uptime = (): number => 0
export const totalmem = (): number => 0
export const freemem = (): number => 0
export const loadavg = (): number[] => [0, 0, 0]
export const userInfo = (): object => ({ username: 'rule', uid: -1, gid: -1, homedir: '/', shell: null })
