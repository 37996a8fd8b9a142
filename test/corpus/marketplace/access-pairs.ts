import { asked } from '../row.ts'
import { type Pair, type PairedLogin, denied, says } from './pair.ts'

const unverified = { email_verified: false }
const notVerified: PairedLogin = { user: unverified, shows: denied('Access denied.') }

const activeDirectoryGroups: Pair = {
  rule: 'active-directory-groups',
  secrets: { ALLOWED_GROUP: 'group1' },
  logins: {
    'of the group': { user: { groups: ['group2', 'group1'] }, shows: {} },
    'whose only group is a text': { user: { groups: 'group1' }, shows: {} },
    'of another group': {
      user: { groups: ['group2'] },
      shows: denied('Access denied.'),
      differs: says('Access denied'),
    },
    'of whose groups nothing is known': {
      shows: {},
      differs: { because: 'who has no groups is in none of them', action: denied('Access denied') },
    },
  },
}

const emailVerified = (differs?: PairedLogin['differs']): Pair => ({
  rule: 'email-verified',
  logins: {
    'with a verified address': { shows: {} },
    'with an address of which nothing is known': {
      user: { email_verified: undefined },
      shows: denied('Please verify your email before logging in.'),
      ...(differs === undefined ? {} : { differs }),
    },
    'with an address that is not verified': {
      user: unverified,
      shows: denied('Please verify your email before logging in.'),
      ...(differs === undefined ? {} : { differs }),
    },
  },
})

const ipAddressAllowlist = (reasonCode?: string): Pair => ({
  rule: 'ip-address-allowlist',
  secrets: { ALLOW_LIST: '1.2.3.4,2.3.4.5' },
  logins: {
    'from the first address': { context: asked({ ip: '1.2.3.4' }), shows: {} },
    'from the last address': { context: asked({ ip: '2.3.4.5' }), shows: {} },
    'from another address': {
      shows: denied('Access denied from this IP address.'),
      differs: {
        because: reasonCode === undefined ? 'it says so in other words' : 'it has a code beside the reason',
        action: {
          reason: 'Access denied for this IP address',
          ...(reasonCode === undefined ? {} : { reasonCode }),
        },
      },
    },
  },
})

const otherDomain = { email: 'ada@elsewhere.example' }
const simpleDomain = (unverifiedUser: PairedLogin, code: (name: string) => object): Pair => ({
  rule: 'simple-domain-whitelist',
  secrets: { ALLOWED_DOMAINS: 'example.com, example.org' },
  logins: {
    'of the first domain': { shows: {} },
    'of the last domain, in capitals': { user: { email: 'ada@EXAMPLE.ORG' }, shows: {} },
    'of another domain': {
      user: otherDomain,
      shows: denied('Access denied.'),
      differs: { ...says(''), action: { reason: 'Email domain is prohibited', ...code('invalid_domain') } },
    },
    'without an address': {
      user: { email: undefined },
      shows: denied('Access denied.'),
      differs: { ...says(''), action: { reason: 'Email is invalid', ...code('invalid_email') } },
    },
    'with an address that is not verified': unverifiedUser,
    'whose address has two domains': {
      user: { email: 'ada@elsewhere@example.com' },
      shows: {},
      differs: {
        because: 'an address has one @',
        action: { ...denied('Email is invalid'), ...code('invalid_email') },
      },
    },
  },
})

const inSmallLetters = says('access denied.')
const simpleUser: Pair = {
  rule: 'simple-user-whitelist',
  secrets: { ALLOWED_USER_EMAILS: 'user1@example.com, user2@example.com' },
  logins: {
    'that is listed': { user: { email: 'user2@example.com' }, shows: {} },
    'that is not listed': { shows: denied('Access denied.'), differs: inSmallLetters },
    'that is listed, and not verified': {
      user: { email: 'user2@example.com', ...unverified },
      shows: denied('Access denied.'),
      differs: inSmallLetters,
    },
  },
}

const restricted = { clientID: 'app-2', clientName: 'NameOfTheAppWithWhiteList' }
const simpleUserForApp: Pair = {
  rule: 'simple-user-whitelist-for-app',
  secrets: { ALLOWED_CLIENT_ID: restricted.clientID, ALLOWED_USER_EMAILS: 'user1@example.com,user2@example.com' },
  logins: {
    'that is listed': { user: { email: 'user1@example.com' }, context: restricted, shows: {} },
    'that is not listed': { context: restricted, shows: denied('Access denied.'), differs: inSmallLetters },
    'that is not listed, to another application': { shows: {} },
    'that is not verified, to another application': { ...notVerified, differs: inSmallLetters },
  },
}

const simpleUserOnConnection: Pair = {
  rule: 'simple-whitelist-on-a-connection',
  secrets: { ALLOW_LIST_CONNECTION: 'fitbit', ALLOW_USER_EMAILS: 'user1@example.com, user2@example.com' },
  logins: {
    'that is listed': { user: { email: 'user2@example.com' }, context: { connection: 'fitbit' }, shows: {} },
    'that is not listed': { context: { connection: 'fitbit' }, shows: denied('Access denied.') },
    'that is not listed, through another connection': { shows: {} },
    'that is not verified, through another connection': notVerified,
  },
}

const domainOfLogin = simpleDomain({ ...notVerified, differs: says('Email is unverified') }, () => ({}))
const domainOfRegistration = simpleDomain(
  {
    ...notVerified,
    differs: {
      because: 'who registers has verified nothing yet',
      action: { outcome: 'allow', reason: undefined },
    },
  },
  (reasonCode) => ({ reasonCode }),
)

/** Who may log in at all. */
export const accessPairs: Readonly<Record<string, Pair>> = {
  'active-directory-groups-PASSWORD_RESET_POST_CHALLENGE': activeDirectoryGroups,
  'active-directory-groups-POST_LOGIN': activeDirectoryGroups,
  'check-last-password-reset-POST_LOGIN': {
    rule: 'check-last-password-reset',
    secrets: { MAX_PASSWORD_DAYS: '30' },
    logins: {
      'whose password is old': {
        user: { last_password_reset: '2026-10-20T00:00:00.000Z' },
        shows: denied('please change your password'),
      },
      'whose password is not so old': { user: { last_password_reset: '2026-10-22T00:00:00.000Z' }, shows: {} },
      'that has never changed it, and is old': {
        user: { created_at: new Date('2026-01-01T00:00:00.000Z') },
        shows: denied('please change your password'),
      },
      'that has never changed it, and is new': { shows: {} },
    },
  },
  'email-verified-PASSWORD_RESET_POST_CHALLENGE': emailVerified(
    says('Please verify your email before changing your password.'),
  ),
  'email-verified-POST_LOGIN': emailVerified(),
  'ip-address-allowlist-CREDENTIALS_EXCHANGE': ipAddressAllowlist('invalid_request'),
  'ip-address-allowlist-PASSWORD_RESET_POST_CHALLENGE': ipAddressAllowlist(),
  'ip-address-allowlist-POST_LOGIN': ipAddressAllowlist(),
  'ip-address-allowlist-PRE_USER_REGISTRATION': ipAddressAllowlist('IP not allowed'),
  'simple-domain-allowlist-POST_LOGIN': domainOfLogin,
  'simple-domain-allowlist-PRE_USER_REGISTRATION': domainOfRegistration,
  'simple-user-allowlist-PASSWORD_RESET_POST_CHALLENGE': simpleUser,
  'simple-user-allowlist-POST_LOGIN': simpleUser,
  'simple-user-allowlist-for-app-PASSWORD_RESET_POST_CHALLENGE': simpleUserForApp,
  'simple-user-allowlist-for-app-POST_LOGIN': simpleUserForApp,
  'simple-user-allowlist-on-a-connection-PASSWORD_RESET_POST_CHALLENGE': simpleUserOnConnection,
  'simple-user-allowlist-on-a-connection-POST_LOGIN': simpleUserOnConnection,
}
