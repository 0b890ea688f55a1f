import type { WizardProps } from '@cloudscape-design/components/wizard';
import { register as words } from '../strings/register.ts';

export const wizardWords: WizardProps.I18nStrings = {
  stepNumberLabel: words.step,
  collapsedStepsLabel: words.collapsed,
  skipToButtonLabel: ({ title }) => words.skip(title),
  navigationAriaLabel: words.navigation,
  cancelButton: words.cancel,
  previousButton: words.previous,
  nextButton: words.next,
};
