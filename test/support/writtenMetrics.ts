/** One line of CloudWatch's embedded metric format (EMF specification). */
export interface MetricLine {
  namespace: string;
  metrics: { name: string; unit: string }[];
  dimensionSets: string[][];
  values: Record<string, unknown>;
}

/** What `work` writes to standard output as metrics, under the given variables of the environment. */
export function written(env: Record<string, string>, work: () => void): MetricLine[] {
  const { lines, stop } = collectMetrics(env);
  try {
    work();
  } finally {
    stop();
  }
  return lines;
}

/** Takes metrics away from standard output until `stop`. */
export function collectMetrics(env: Record<string, string>): { lines: MetricLine[]; stop(): void } {
  const before = { ...process.env };
  const lines: MetricLine[] = [];
  const { write } = process.stdout;
  Object.assign(process.env, env);
  process.stdout.write = function (this: typeof process.stdout, ...args: Parameters<typeof write>) {
    if (!String(args[0]).startsWith('{"_aws"')) return write.apply(this, args);
    lines.push(...parsed(String(args[0])));
    return true;
  } as typeof write;
  const stop = () => {
    process.stdout.write = write;
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  };
  return { lines, stop };
}

function parsed(text: string): MetricLine[] {
  const { _aws, ...values } = JSON.parse(text);
  return _aws.CloudWatchMetrics.map(
    (one: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }) => ({
      namespace: one.Namespace,
      metrics: one.Metrics.map(({ Name: name, Unit: unit }) => ({ name, unit })),
      dimensionSets: one.Dimensions,
      values,
    }),
  );
}
