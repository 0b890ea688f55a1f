import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The first file of this name on PATH that may be executed. */
export function onPath(name: string, env: Env): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter(folder => folder !== '');
  return folders.map(folder => join(folder, executableName(name))).find(isExecutable);
}

/** The Java that JAVA_HOME or PATH names. */
export function findJava(env: Env): string | undefined {
  const home = env.JAVA_HOME && join(env.JAVA_HOME, 'bin', executableName('java'));
  return home && isExecutable(home) ? home : onPath('java', env);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function executableName(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
