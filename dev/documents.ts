/** The documents that the start page links to. The inbox serves them, because a Worker cannot read files. */
export const DOCUMENTS = [
  {
    path: 'docs/first-hour.md',
    about: 'From a clone to a session in your app: simulators, phones, tunnels',
  },
  {
    path: 'docs/mobile.md',
    about: 'What an iOS or Android app needs, and the rules for its session',
  },
  { path: 'packages/testing/README.md', about: 'Tests for apps and back ends' },
  { path: 'packages/verify/README.md', about: 'Verifying access tokens in a back end' },
  { path: 'docs/http.md', about: 'Every route, token, error and limit' },
  { path: 'docs/threats.md', about: 'What Latchkey promises, and the tests for each promise' },
  { path: 'docs/console.md', about: 'The administration console' },
  { path: 'docs/configuration.md', about: 'Every variable and secret' },
  { path: 'docs/operations.md', about: 'Deployment, logs, and this environment under Development' },
] as const
