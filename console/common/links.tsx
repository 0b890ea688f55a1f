import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';

interface FollowEvent {
  preventDefault(): void;
  detail: { href?: string | undefined; external?: boolean | undefined };
}

/** Follows links of the console without loading it anew. */
export function useFollow(): (event: FollowEvent) => void {
  const navigate = useNavigate();
  return event => {
    const { href } = event.detail;
    if (!href?.startsWith('/console')) return;
    event.preventDefault();
    void navigate(href.slice('/console'.length) || '/');
  };
}

type PageLinkProps = Pick<LinkProps, 'variant' | 'fontSize' | 'ariaLabel'> & {
  to: string;
  children: ReactNode;
};

/** A link to a page of the console. */
export function PageLink({ to, children, ...rest }: PageLinkProps) {
  const href = useHref(to);
  return (
    <Link href={href} onFollow={useFollow()} {...rest}>
      {children}
    </Link>
  );
}
