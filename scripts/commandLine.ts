import { type ParseArgsConfig, parseArgs } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** One command of a script: how it is called, and what it takes. */
export interface Command<O extends Options> {
  /** As people type it: `npm run audit -- verify`. */
  call: string;
  options: O;
  /** Arguments beside the options, such as `<accessKeyId>`. */
  positionals?: readonly string[];
}

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** Whether a command's help is asked for, whatever else is there. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.some(arg => arg === '--help' || arg === '-h');
}

/**
 * The arguments of a command.
 * @throws Error that names the argument, what there is instead, and how to get help
 */
export function readArguments<const O extends Options>(args: string[], command: Command<O>) {
  const { call, options, positionals: wanted = [] } = command;
  const help = `See ${call} --help.`;
  const parsed = parsedOf(args, options, help);
  const [unexpected] = parsed.positionals.slice(wanted.length);
  if (unexpected !== undefined) throw new Error(`Unexpected argument "${unexpected}". ${help}`);
  const missing = wanted[parsed.positionals.length];
  if (missing !== undefined) throw new Error(`${missing} is missing: ${call} ${wanted.join(' ')}`);
  return parsed;
}

function parsedOf<const O extends Options>(args: string[], options: O, help: string) {
  try {
    return parseArgs({ args, options: { ...options, ...HELP }, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [problem = message] = /^[^.]*/.exec(message) ?? [];
    const isUnknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION';
    throw new Error(`${problem}. ${isUnknown ? told(Object.keys(options)) : ''}${help}`);
  }
}

function told(names: readonly string[]): string {
  if (names.length === 0) return 'This command takes no options. ';
  return `Options are ${names.map(name => `--${name}`).join(', ')}. `;
}
