import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who may ask. */
export interface Admission {
  /** What `Host` may say, ports included; the answer to DNS rebinding. */
  readonly hosts: ReadonlySet<string>;
  /** What a client must know; undefined: nothing. */
  readonly token: string | undefined;
  /** Whether runs may be started, stopped and resumed; only with a token. */
  readonly control: boolean;
}

/** An answer in place of what was asked for. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const longestUrl = 2048;

/**
 * Decides whether a request is answered. A right token in the query is exchanged for a cookie, so that it
 * stays in no address bar.
 */
export function refusalOf(request: IncomingMessage, admission: Admission): Refusal | undefined {
  const { method = '', url = '', headers } = request;
  const isChange = method === 'POST' && admission.control;
  if (method !== 'GET' && method !== 'HEAD' && !isChange) {
    return { status: 405, text: 'Only GET and HEAD.', headers: { Allow: 'GET, HEAD' } };
  }
  // `//name` would be read as a host.
  if (url.length > longestUrl || !/^\/(?!\/)/.test(url)) {
    return { status: 400, text: `Expected a path of at most ${longestUrl} characters.` };
  }
  if (!admission.hosts.has((headers.host ?? '').toLowerCase())) {
    return { status: 421, text: 'This server does not answer under that name.' };
  }
  if (admission.token === undefined) {
    return isChange ? { status: 401, text: 'Changes need a token.' } : undefined;
  }
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const offered = searchParams.get('token');
  const cookieName = cookieNameOf(headers.host);
  if (!isChange && offered !== null && isSame(offered, admission.token)) {
    searchParams.delete('token');
    const query = searchParams.toString();
    return {
      status: 303,
      text: '',
      headers: {
        Location: pathname + (query === '' ? '' : `?${query}`),
        'Set-Cookie': `${cookieName}=${encodeURIComponent(offered)}; HttpOnly; SameSite=Strict; Path=/`,
      },
    };
  }
  const bearer = bearerOf(headers.authorization);
  const known = bearer ?? cookieOf(headers.cookie, cookieName);
  if (known !== undefined && isSame(known, admission.token)) {
    // No page can send a bearer's token; a cookie goes along with whatever any page of the same site asks.
    return isChange && bearer === undefined && !isFromHere(headers)
      ? { status: 403, text: 'Changes are accepted from the pages of this server alone.' }
      : undefined;
  }
  return { status: 401, text: 'Open the address with ?token=… that `lockstep serve` printed.' };
}

/** In the same time whatever the two have in common. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * Whether a page of this server asks. Browsers say so in `Sec-Fetch-Site`, but over an unencrypted connection to
 * another machine, where they have only `Origin`.
 */
function isFromHere({ host = '', origin, ...headers }: IncomingMessage['headers']): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** Cookies are common to all ports of a machine, so that two servers need two names. */
function cookieNameOf(host = ''): string {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined ? 'lockstep_token' : `lockstep_token_${port}`;
}

function cookieOf(header: string | undefined, cookieName: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name !== cookieName || value === undefined) continue;
    try {
      return decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function bearerOf(header: string | undefined): string | undefined {
  return /^Bearer (.+)$/.exec(header ?? '')?.[1];
}

/** Of every answer: nothing but this server's own files runs or is loaded, and no other page may frame it. */
export const safetyHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  // With `no-referrer` a form would not say which page it is of.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/** `Host` headers under which a server is reached. @param host as it listens */
export function hostsOf(host: string, port: number): ReadonlySet<string> {
  const names = [host.includes(':') ? `[${host}]` : host];
  if (isLoopback(host)) names.push('localhost', '127.0.0.1', '[::1]');
  // With the default port browsers leave it out.
  return new Set(
    names.flatMap((name) => {
      const lower = name.toLowerCase();
      return port === 80 ? [lower, `${lower}:80`] : [`${lower}:${port}`];
    }),
  );
}

/** Whether no other machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
