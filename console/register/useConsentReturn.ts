import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useSigned } from '../session/SessionProvider.tsx';
import { consentErrors, register as words } from '../strings/register.ts';

/** How a consent ended that led back to this page: nothing when none did. */
export function useConsentReturn(onDone: (serviceId: string) => void) {
  const { client } = useSigned();
  const [query, setQuery] = useSearchParams();
  const [completing, setCompleting] = useState(false);
  const [error, setError] = useState<unknown>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address alone is an occasion
  useEffect(() => {
    const { serviceId, error: code, confirmation } = Object.fromEntries(query);
    if (!serviceId && !code && !confirmation) return;
    // Once: what came back must not happen again when the page is loaded anew.
    setQuery({}, { replace: true });
    if (code) setError(new Error(`${consentErrors[code] ?? code} ${words.retypeSecrets}`));
    else if (confirmation) void complete(confirmation);
    else if (serviceId) onDone(serviceId);
  }, [query]);

  async function complete(confirmationToken: string): Promise<void> {
    setCompleting(true);
    try {
      onDone((await client.completeRegistration({ service: 'mcpserver', confirmationToken })).serviceId);
    } catch (failure) {
      setError(failure);
    } finally {
      setCompleting(false);
    }
  }

  return { completing, error };
}
