import { ipVersion, isWithin, parseAddress, parseCidr } from '../addresses/cidr.ts';
import { type FieldError, invalidFields } from '../api/errors.ts';

/**
 * Ranges in one spelling, each once: an address alone becomes the range that holds nothing else.
 * @param path JSON Pointer of the list in the request
 * @throws ValidationException naming each element that is no range
 */
export function normaliseCidrs(texts: readonly string[], path: string): string[] {
  const ranges = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, text] of texts.entries()) {
    const parsed = parseCidr(withPrefix(text));
    if ('range' in parsed) ranges.add(`${parsed.range[0]}/${parsed.range[1]}`);
    else errors.push({ path: `${path}/${index}`, message: parsed.problem });
  }
  if (errors.length > 0) throw invalidFields(errors);
  return [...ranges];
}

function withPrefix(text: string): string {
  const kind = ipVersion(text);
  return kind === 0 ? text : `${text}/${kind === 4 ? 32 : 128}`;
}

/**
 * Whether an address is in one of the ranges that {@link normaliseCidrs} made; an IPv4-mapped one counts as the
 * IPv4 address inside. What is no address is in none.
 */
export function isAllowedAddress(sourceIp: string, allowedCidrs: readonly string[]): boolean {
  const address = parseAddress(sourceIp);
  if (!address) return false;
  return allowedCidrs.some(text => {
    const parsed = parseCidr(text);
    return 'range' in parsed && isWithin(address, parsed.range);
  });
}
