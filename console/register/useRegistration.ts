import { useState } from 'react';
import type { ValidationReport, ValidationWarning } from '../api/types.ts';
import { type Faults, faultsOf, faultsOfReport } from '../credentials/placeErrors.ts';
import { useSigned } from '../session/SessionProvider.tsx';
import { type Draft, keepDraft, registrationOf } from './draft.ts';
import { goToConsent } from './goToConsent.ts';
import { detailPointer } from './steps.ts';

interface Attempt {
  running: boolean;
  /** What its validation is followed under. */
  validationId?: string;
  report?: ValidationReport;
  externalId?: string | undefined;
  faults: Faults;
  error?: unknown;
}

const NONE: Attempt = { running: false, faults: [] };

/** The validation of a draft, and its registration when that was good. */
export function useRegistration(
  onRegistered: (serviceId: string, warnings: readonly ValidationWarning[]) => void,
) {
  const { client, config } = useSigned();
  const [attempt, setAttempt] = useState(NONE);

  /** Answers with what is wrong; nothing when all went well. */
  async function submit(draft: Draft): Promise<Faults> {
    const input = registrationOf(draft, `${config.publicBaseUrl}/console/servers/register`);
    const validationId = crypto.randomUUID();
    setAttempt({ running: true, validationId, faults: [] });
    try {
      const { report, externalId } = await client.validateRegistration({ ...input, validationId });
      if (!report.valid) {
        const faults = faultsOfReport(report);
        setAttempt({ running: false, report, externalId, faults });
        return faults;
      }
      setAttempt({ running: true, report, externalId, faults: [] });
      const { serviceId, additionalStep, warnings = [] } = await client.registerService(input);
      if (additionalStep?.oauth) {
        keepDraft(draft);
        goToConsent(additionalStep.oauth.authorizationUrl);
      } else onRegistered(serviceId ?? '', warnings);
      return [];
    } catch (error) {
      const faults = faultsOf(error, detailPointer(draft, 'name'));
      setAttempt({ running: false, faults, error });
      return faults;
    }
  }

  return {
    attempt,
    submit,
    fail: (error: unknown) => setAttempt({ ...NONE, error }),
    reset: () => setAttempt(NONE),
  };
}
