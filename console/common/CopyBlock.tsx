import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { shell } from '../strings/shell.ts';

/** Text to paste elsewhere, with a button that copies it. */
export function CopyBlock({ text, label }: { text: string; label: string }) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard */}
      <section className="json" tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      <CopyToClipboard
        textToCopy={text}
        copyButtonText={shell.copy}
        copyButtonAriaLabel={`${shell.copy}: ${label}`}
        copySuccessText={shell.copied}
        copyErrorText={shell.copyFailed}
      />
    </>
  );
}
