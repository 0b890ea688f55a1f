/** The layering rule: functions/ → lib/; lib/ knows neither its hosts nor its tests. */
export default {
  forbidden: [
    {
      name: 'lib-stands-alone',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|local|infra|scripts|test|bench|console)/' },
    },
    {
      name: 'functions-bind-only',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(local|infra|scripts|test|bench|console)/' },
    },
    {
      name: 'local-is-not-a-test',
      severity: 'error',
      from: { path: '^(local|infra)/' },
      to: { path: '^(test|bench)/' },
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
      // Nobody imports declarations.
      from: { orphan: true, path: '^(lib|local)/', pathNot: '\\.d\\.ts$' },
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
