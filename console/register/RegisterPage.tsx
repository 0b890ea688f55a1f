import Container from '@cloudscape-design/components/container';
import Wizard from '@cloudscape-design/components/wizard';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import type { ValidationWarning } from '../api/types.ts';
import { Loading } from '../common/Loading.tsx';
import { Page } from '../common/Page.tsx';
import { CredentialFields } from '../credentials/CredentialFields.tsx';
import { type Faults, textAt } from '../credentials/placeErrors.ts';
import { useNotify } from '../shell/Notifications.tsx';
import { register as words } from '../strings/register.ts';
import { servers, validation } from '../strings/servers.ts';
import { DetailsStep } from './DetailsStep.tsx';
import { type Draft, EMPTY_DRAFT, methodOf, needsConsent, takeDraft } from './draft.ts';
import { FlowStep } from './FlowStep.tsx';
import { ReviewStep } from './ReviewStep.tsx';
import { fieldsOf, lacks, type StepId, stepsOf, stepWith } from './steps.ts';
import { useConsentReturn } from './useConsentReturn.ts';
import { useRegistration } from './useRegistration.ts';
import { wizardWords } from './wizardWords.ts';

export interface StepProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  showMissing: boolean;
  errorAt: (pointer: string) => string | undefined;
}

/** The wizard that registers a server, and where consents return to. */
export default function RegisterPage() {
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [step, setStep] = useState<StepId>('details');
  const [checked, setChecked] = useState<readonly StepId[]>([]);
  const [faults, setFaults] = useState<Faults>([]);

  const registration = useRegistration(registered);
  function registered(serviceId: string, warnings: readonly ValidationWarning[] = []): void {
    const name = draft.name || takeDraft()?.name || serviceId;
    takeDraft();
    const told = warnings
      .map(({ toolName, message }) => (toolName ? `${toolName}: ${message}` : message))
      .join(' ');
    notify({ type: 'success', content: words.registered(name) });
    if (told) notify({ type: 'warning', header: validation.warnings(warnings.length), content: told });
    void queries.invalidateQueries({ queryKey: ['services'] });
    void navigate(`/servers/${serviceId}`, { replace: true });
  }
  const back = useConsentReturn(registered);
  const { fail } = registration;
  const failure = back.error;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a return that failed is an occasion
  useEffect(() => {
    if (!failure) return;
    setDraft(takeDraft() ?? EMPTY_DRAFT);
    setStep('review');
    fail(failure);
  }, [failure]);
  if (back.completing) return <Loading text={words.completing} />;

  const steps = stepsOf(draft);
  const shared: StepProps = {
    draft,
    onChange: changed => setDraft(changed),
    showMissing: checked.includes(step),
    errorAt: pointer => textAt(faults, pointer),
  };
  const fields = (part: 'configuration' | 'scopes') => (
    <Container>
      <CredentialFields
        {...shared}
        method={methodOf(draft)}
        fields={fieldsOf(draft, part)}
        values={draft.credentials}
        onChange={credentials => setDraft({ ...draft, credentials })}
      />
    </Container>
  );
  const contents: Record<StepId, () => React.ReactNode> = {
    details: () => <DetailsStep {...shared} />,
    flow: () => <FlowStep {...shared} />,
    configuration: () => fields('configuration'),
    scopes: () => fields('scopes'),
    review: () => <ReviewStep draft={draft} attempt={registration.attempt} />,
  };

  function go(to: number): void {
    const passed = steps.slice(0, to);
    const lacking = to > steps.indexOf(step) ? passed.find(one => lacks(draft, one)) : undefined;
    setChecked([...checked, ...passed]);
    setStep(lacking ?? steps[to] ?? 'details');
  }

  async function submit(): Promise<void> {
    const lacking = steps.find(one => lacks(draft, one));
    if (lacking) return go(steps.length - 1);
    const found = await registration.submit(draft);
    setFaults(found);
    const at = stepWith(draft, found);
    if (at) setStep(at);
  }

  const { running } = registration.attempt;
  return (
    <Page title={words.title} above={[['/servers', servers.title]]} plain>
      <Wizard
        i18nStrings={wizardWords}
        submitButtonText={needsConsent(methodOf(draft)) ? words.toConsent : words.submit}
        isLoadingNextStep={running}
        activeStepIndex={steps.indexOf(step)}
        onNavigate={({ detail }) => go(detail.requestedStepIndex)}
        onCancel={() => navigate('/servers')}
        onSubmit={() => void submit()}
        steps={steps.map(id => ({ title: words[TITLES[id]], content: id === step ? contents[id]() : null }))}
      />
    </Page>
  );
}

const TITLES = {
  details: 'details',
  flow: 'flow',
  configuration: 'configuration',
  scopes: 'scopesStep',
  review: 'review',
} as const satisfies Record<StepId, keyof typeof words>;
