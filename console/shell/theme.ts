import { applyMode, Mode } from '@cloudscape-design/global-styles';

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'switchboard.theme';
const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Chosen for this browser, whoever signs in. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, theme);
  apply();
}

/** Applies the theme now, and again when the system's changes. */
export function followTheme(): void {
  prefersDark.addEventListener('change', apply);
  apply();
}

function apply(): void {
  const theme = currentTheme();
  const isDark = theme === 'dark' || (theme === 'system' && prefersDark.matches);
  applyMode(isDark ? Mode.Dark : Mode.Light);
}
