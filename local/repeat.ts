/** Runs `work` at once and then `ms` after each end, one at a time. */
export function repeat(ms: number, work: () => Promise<void>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const step = async (): Promise<void> => {
    await work();
    if (!stopped) timer = setTimeout(() => (running = step()), ms).unref();
  };
  let running = step();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
