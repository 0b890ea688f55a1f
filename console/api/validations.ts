import { useEffect, useState } from 'react';
import { useSigned } from '../session/SessionProvider.tsx';
import type { ValidationStep } from './types.ts';

/** Milliseconds until the first look at a validation that runs. */
const FIRST_LOOK = 300;
/** Milliseconds between looks at most: each is a read in the trail. */
const LONGEST_WAIT = 2_000;
const GROWTH = 1.5;

const NONE: readonly ValidationStep[] = [];

/** The steps that have ended of a validation that runs under this id; none without one. */
export function useEndedSteps(validationId: string | undefined): readonly ValidationStep[] {
  const { client } = useSigned();
  const [found, setFound] = useState({ validationId, steps: NONE });

  useEffect(() => {
    if (validationId === undefined) return;
    let timer = 0;
    const leaving = new AbortController();
    const { signal } = leaving;
    async function look(id: string, waited: number): Promise<void> {
      try {
        const { validation } = await client.getValidation({ validationId: id }, { signal });
        setFound({ validationId: id, steps: validation.steps });
      } catch {
        // It has not begun yet, or its own answer will tell what is wrong.
      }
      if (!signal.aborted) lookAfter(id, Math.min(waited * GROWTH, LONGEST_WAIT));
    }
    function lookAfter(id: string, wait: number): void {
      timer = window.setTimeout(() => void look(id, wait), wait);
    }
    lookAfter(validationId, FIRST_LOOK);
    return () => {
      window.clearTimeout(timer);
      leaving.abort();
    };
  }, [client, validationId]);

  return found.validationId === validationId ? found.steps : NONE;
}
