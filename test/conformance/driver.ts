/**
 * The client program that the conformance suite runs: hands the scenario to the Switchboard of client.test.ts and
 * ends as it went there. Starting one for each scenario would take most of the time.
 */
const { CONFORMANCE_SWITCHBOARD = '', MCP_CONFORMANCE_SCENARIO, MCP_CONFORMANCE_CONTEXT } = process.env;

const response = await fetch(CONFORMANCE_SWITCHBOARD, {
  method: 'POST',
  body: JSON.stringify({
    scenario: MCP_CONFORMANCE_SCENARIO,
    context: JSON.parse(MCP_CONFORMANCE_CONTEXT ?? '{}'),
    endpoint: process.argv.at(-1),
  }),
});
process.stderr.write(await response.text());
process.exitCode = response.ok ? 0 : 1;

export {};
