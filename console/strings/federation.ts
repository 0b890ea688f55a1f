/** Of signing in with an OpenID Connect provider. */
export const federation = {
  submit: 'Sign in with your organization',
  help: (host: string) => `You sign in at ${host} and come back here.`,
  otherwise: 'Sign in with credentials instead',
  refused: (what: string) => `The sign-in was refused: ${what}`,
  poolRefused: (what: string) =>
    `You are signed in, but get no access here: ${what} Ask whoever runs this console to give you a role.`,
  notBegun: 'This tab has not begun that sign-in, or it was completed before. Sign in again.',
  strange: (what: string) => `The answer does not belong to this sign-in (${what}). Sign in again.`,
  unreachable: (what: string) =>
    `The sign-in could not be completed: ${what}. Check the network, and that the provider answers to this page's origin (CORS).`,
} as const;
