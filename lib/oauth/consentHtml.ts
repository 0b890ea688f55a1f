import { createHash } from 'node:crypto';

/** Text that is HTML already. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type { Html };

type Part = string | Html | readonly Html[];

/** HTML whose every placeholder is escaped, but for parts that {@link html} itself made. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const rest = parts.map((part, n) => `${rendered(part)}${strings[n + 1] ?? ''}`);
  return new Html((strings[0] ?? '') + rest.join(''));
}

function rendered(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part !== 'string') return part.map(rendered).join('');
  // Invisible and direction-changing characters could make a name look like another.
  const visible = part.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '\ufffd');
  return visible.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:40rem;margin:10vh auto;padding:0 1.5rem}
dt{font-weight:600;margin-top:.75rem}
dd{margin:0;overflow-wrap:anywhere}
button{font:inherit;font-weight:600;margin-top:1.5rem;padding:.6rem 1.2rem;border-radius:.4rem;cursor:pointer}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** A whole page. No script, no image, no request: see {@link pagePolicy}. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
}

/** The page's Content-Security-Policy; `formTargets` are where its form may lead, redirects included. */
export function pagePolicy(formTargets: readonly string[]): string {
  const targets = formTargets.length > 0 ? formTargets.join(' ') : "'none'";
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `form-action ${targets}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
