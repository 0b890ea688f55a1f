/** The layering rule: functions/ → lib/; lib/ knows neither its hosts nor its tests; client/ knows none of them. */
export default {
  forbidden: [
    {
      name: 'lib-stands-alone',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|local|infra|scripts|test|bench|console|client)/' },
    },
    {
      name: 'functions-bind-only',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(local|infra|scripts|test|bench|console|client)/' },
    },
    {
      name: 'local-is-not-a-test',
      severity: 'error',
      from: { path: '^(local|infra)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'It is published by itself: it has the signer, and what browsers and Node.js both have.',
      severity: 'error',
      from: { path: '^client/' },
      to: { pathNot: ['^client/', 'node_modules/aws4fetch/'] },
    },
    {
      name: 'console-uses-the-client',
      comment:
        'It runs in browsers and knows the API alone: what it may send is what openapi.yaml says. One rule of text is shared.',
      severity: 'error',
      from: { path: '^console/' },
      to: { pathNot: ['^(console|client)/', '^lib/egress/visible\\.ts$', 'node_modules/'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'egress-is-the-only-door',
      comment: 'Requests to hosts that a user or a server named leave through lib/egress/ alone.',
      severity: 'error',
      from: { path: '^(lib|functions|local)/', pathNot: '^lib/egress/' },
      to: { path: 'node_modules/undici', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'egress-is-the-only-socket',
      comment:
        'Nor do they open connections or ask for addresses by themselves; one file asks what is an address.',
      severity: 'error',
      from: { path: '^(lib|functions)/', pathNot: '^lib/(egress/|addresses/cidr\\.ts$)' },
      to: { path: '^(http2?|https|net|tls|dns|dgram)(/|$)', dependencyTypes: ['core'] },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(lib|local|client|console)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
