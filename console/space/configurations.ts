import { connect as words } from '../strings/spaces.ts';

interface Configuration {
  client: string;
  help: string;
  text: string;
}

const TOKEN = 'swbt_…';

/** What to paste where. Clients run elsewhere: the address is the public one. */
export function configurations(url: string): Configuration[] {
  return [
    {
      client: words.claude,
      help: words.shellHelp,
      text: `claude mcp add --transport http switchboard "${url}" --header "Authorization: Bearer ${TOKEN}"`,
    },
    {
      client: words.cursor,
      help: words.cursorHelp,
      text: json({ mcpServers: { switchboard: { url, headers: { Authorization: `Bearer ${TOKEN}` } } } }),
    },
    {
      client: words.vscode,
      help: words.vscodeHelp,
      text: json({
        inputs: [{ type: 'promptString', id: 'token', description: 'Switchboard token', password: true }],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code puts the token there
        servers: { switchboard: { type: 'http', url, headers: { Authorization: 'Bearer ${input:token}' } } },
      }),
    },
    {
      client: words.inspector,
      help: words.shellHelp,
      text: `npx @modelcontextprotocol/inspector --cli "${url}" --transport http --header "Authorization: Bearer ${TOKEN}" --method tools/list`,
    },
  ];
}

function json(value: object): string {
  return JSON.stringify(value, null, 2);
}
