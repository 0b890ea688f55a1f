/** One line of CloudWatch's embedded metric format (EMF specification). */
export interface MetricLine {
  namespace: string;
  metrics: { name: string; unit: string }[];
  dimensionSets: string[][];
  values: Record<string, unknown>;
}

/** What `work` writes to standard output as metrics, under the given variables of the environment. */
export function written(env: Record<string, string>, work: () => void): MetricLine[] {
  const before = { ...process.env };
  const lines: MetricLine[] = [];
  const { write } = process.stdout;
  Object.assign(process.env, env);
  process.stdout.write = ((text: string) => lines.push(...parsed(text)) > 0) as typeof write;
  try {
    work();
  } finally {
    process.stdout.write = write;
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
  return lines;
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
