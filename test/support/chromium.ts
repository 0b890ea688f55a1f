import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/**
 * A headless Chromium, or why this machine cannot run one. Without the arguments that its package recommends: they
 * switch web security off, which is what pages are tested for.
 */
export async function launchChromium(args: string[] = []): Promise<Browser | string> {
  try {
    return await chromium.launch({ executablePath: await unpacked(), args });
  } catch (error) {
    return `Chromium does not start here: ${String(error).split('\n')[0]}`;
  }
}

/** Unpacked once for each version. Renamed into place whole, so that two test processes never share a half. */
async function unpacked(): Promise<string> {
  const manifest = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const home = join(tmpdir(), `switchboard-chromium-${version}-${process.getuid?.() ?? 0}`);
  const executable = join(home, 'chromium');
  if (existsSync(executable)) return executable;
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-chromium-'));
  try {
    // The package unpacks into the system's folder for temporary files, wherever that is.
    process.env.TMPDIR = folder;
    const { default: packed } = await import('@sparticuz/chromium');
    await packed.executablePath();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  try {
    renameSync(folder, home);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync(executable)) throw error;
  }
  return executable;
}
