import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { buffer, text } from 'node:stream/consumers';
import { AwsV4Signer } from 'aws4fetch';
import { pause } from '../files/pause.js';
import { LockstepError } from '../protocol/index.js';
import { requireName } from './store.js';
import type { Content, Store } from './store.js';

/** Milliseconds without a byte after which a connection counts as lost. */
const idleTimeout = 60_000;
/** How often a request is sent, at most. */
const tries = 5;

export interface S3Settings {
  readonly bucket: string;
  /** In front of all names; without a slash at its ends, and empty for none. */
  readonly prefix: string;
  /** Of a service other than AWS's, for instance `https://minio.lab:9000`. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** A file with certificates of authorities to trust, in PEM. */
  readonly caFile?: string | undefined;
  /** Milliseconds before a failed request is sent again; doubled before each further time. Default: 250. */
  readonly firstPause?: number;
}

/**
 * The settings of a store in S3, from variables with the names that AWS's own tools use.
 * @throws LockstepError `usage` naming the variable that is missing or wrong
 */
export function s3Settings(
  bucket: string,
  prefix: string,
  variables: Readonly<Record<string, string | undefined>>,
): S3Settings {
  const needed = (name: string) => {
    const value = variables[name];
    if (value !== undefined && value !== '') return value;
    throw new LockstepError('usage', `s3://${bucket}: expected the variable ${name}, got none`, {
      hint: 'Set it in the environment, or in the file that LOCKSTEP_SECRETS names.',
    });
  };
  const endpoint = variables.AWS_ENDPOINT_URL_S3 ?? variables.AWS_ENDPOINT_URL;
  if (endpoint !== undefined && !/^https?:\/\/[^/@]+\/?$/.test(endpoint)) {
    throw new LockstepError(
      'usage',
      'AWS_ENDPOINT_URL: expected a URL such as https://minio.lab:9000, without a user and a path, got another text',
    );
  }
  return {
    bucket,
    prefix,
    endpoint,
    region: variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION ?? 'us-east-1',
    accessKeyId: needed('AWS_ACCESS_KEY_ID'),
    secretAccessKey: needed('AWS_SECRET_ACCESS_KEY'),
    sessionToken: variables.AWS_SESSION_TOKEN,
    caFile: variables.AWS_CA_BUNDLE,
  };
}

interface Exchange {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Of the object; undefined: of the bucket. */
  readonly name?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content;
}

interface Answer {
  readonly response: IncomingMessage;
  /** How often the request was sent. */
  readonly sent: number;
}

/** A store in a bucket of S3, or of a service that speaks its protocol. Files are streamed: memory stays flat. */
export async function s3Store(settings: S3Settings): Promise<Store> {
  const { bucket, prefix, region, caFile, firstPause = 250 } = settings;
  const url = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
  const before = prefix === '' ? '' : `${prefix}/`;
  const base = addressOf(settings);
  const isSecure = base.protocol === 'https:';
  const connections = { keepAlive: true, maxSockets: 16, timeout: idleTimeout };
  const agent = isSecure
    ? new HttpsAgent({ ...connections, ...(caFile && { ca: await readCa(caFile) }) })
    : new HttpAgent(connections);
  const cache = new Map<string, ArrayBuffer>();

  async function send({ method, name, query = {}, headers = {}, content }: Exchange) {
    const address = new URL(base);
    if (name !== undefined) {
      const key = `${before}${name}`.split('/').map(encodeURIComponent).join('/');
      address.pathname = `${base.pathname.replace(/\/$/, '')}/${key}`;
    }
    for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value);
    const signed = await new AwsV4Signer({
      method,
      url: address.href,
      headers: { ...headers },
      service: 's3',
      region,
      cache,
      accessKeyId: settings.accessKeyId,
      secretAccessKey: settings.secretAccessKey,
      ...(settings.sessionToken && { sessionToken: settings.sessionToken }),
    }).sign();
    const body = content === undefined ? undefined : await bodyOf(content);
    const options = {
      method,
      agent,
      headers: {
        ...Object.fromEntries(signed.headers),
        ...(body && { 'content-length': String(body.length) }),
      },
    };
    const outgoing = isSecure
      ? httpsRequest(signed.url, options)
      : httpRequest(signed.url, options);
    return exchange(outgoing, body);
  }

  /** Sends a request, again where that may help. @throws LockstepError `usage` or `worker` */
  async function ask(what: Exchange): Promise<Answer> {
    const place = what.name === undefined ? url : `${url}/${what.name}`;
    for (let sent = 1; ; sent += 1) {
      let trouble: string;
      try {
        const response = await send(what);
        const { statusCode = 0 } = response;
        const isConflict = statusCode === 409 && what.method === 'PUT';
        if (statusCode < 500 && statusCode !== 429 && !isConflict) return { response, sent };
        trouble = await describe(response);
      } catch (cause) {
        if (cause instanceof LockstepError) throw cause;
        trouble = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
      }
      if (sent === tries) {
        throw new LockstepError('worker', `${place}: ${what.method} failed: ${trouble}`, {
          hint: 'Check that the service is up and can be reached from this machine, then try again.',
        });
      }
      await pause(firstPause * 2 ** (sent - 1), undefined);
    }
  }

  /** @throws LockstepError `usage` unless the status is one of those expected */
  async function expectStatus(
    what: Exchange,
    { response }: Answer,
    ...expected: readonly number[]
  ): Promise<void> {
    if (expected.includes(response.statusCode ?? 0)) return;
    const place = what.name === undefined ? url : `${url}/${what.name}`;
    throw new LockstepError(
      'usage',
      `${place}: expected ${what.method} to succeed, got ${await describe(response)}`,
      { hint: 'Check bucket, keys, region and endpoint, and what the keys allow.' },
    );
  }

  const store: Store = {
    url,

    async get(name) {
      requireName(name);
      const what = { method: 'GET', name } as const;
      const answer = await ask(what);
      if (answer.response.statusCode === 404) {
        if ((await describe(answer.response)).includes('NoSuchBucket')) {
          throw new LockstepError('usage', `${url}: expected a bucket, got none of this name`);
        }
        return undefined;
      }
      await expectStatus(what, answer, 200);
      return answer.response;
    },

    async put(name, content) {
      requireName(name);
      const what = { method: 'PUT', name, content } as const;
      const answer = await ask(what);
      await expectStatus(what, answer, 200);
      answer.response.resume();
    },

    async putOnce(name, content) {
      requireName(name);
      const what = {
        method: 'PUT',
        name,
        content,
        headers: { 'if-none-match': '*' },
      } as const;
      const answer = await ask(what);
      if (answer.response.statusCode === 412) {
        answer.response.resume();
        if (answer.sent === 1) return false;
        // The answer to an earlier request was lost: it may have made the object.
        const there = await store.get(name);
        return there !== undefined && Buffer.from(content as string).equals(await buffer(there));
      }
      await expectStatus(what, answer, 200);
      answer.response.resume();
      return true;
    },

    async list(folder) {
      requireName(folder);
      const names: string[] = [];
      let token: string | undefined;
      do {
        const what = {
          method: 'GET',
          query: {
            'list-type': '2',
            'encoding-type': 'url',
            prefix: `${before}${folder}/`,
            ...(token !== undefined && { 'continuation-token': token }),
          },
        } as const;
        const answer = await ask(what);
        await expectStatus(what, answer, 200);
        const page = await text(answer.response);
        // Some services ignore that they are asked for names in which XML can have every character.
        const decode = page.includes('<EncodingType>url<') ? decodeUrl : unescapeXml;
        for (const [, key = ''] of page.matchAll(/<Key>([^<]*)<\/Key>/g)) {
          names.push(decode(key).slice(before.length));
        }
        const more = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(page)?.[1];
        token = more === undefined ? undefined : unescapeXml(more);
      } while (token !== undefined);
      return names.sort();
    },

    async delete(name) {
      requireName(name);
      const what = { method: 'DELETE', name } as const;
      const answer = await ask(what);
      await expectStatus(what, answer, 204, 200, 404);
      answer.response.resume();
    },
  };
  return store;
}

/** AWS has a host for each bucket; a name with a dot would not fit its certificate. Other services take paths. */
function addressOf({ bucket, region, endpoint }: S3Settings): URL {
  if (endpoint !== undefined) return new URL(`/${bucket}`, endpoint);
  return bucket.includes('.')
    ? new URL(`https://s3.${region}.amazonaws.com/${bucket}`)
    : new URL(`https://${bucket}.s3.${region}.amazonaws.com/`);
}

async function readCa(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LockstepError('usage', `AWS_CA_BUNDLE: cannot read ${path}`, { cause });
  });
}

interface Body {
  readonly length: number;
  readonly start: () => Uint8Array | ReturnType<typeof createReadStream>;
}

async function bodyOf(content: Content): Promise<Body> {
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const bytes = Buffer.from(content as string);
    return { length: bytes.length, start: () => bytes };
  }
  const { path, start = 0 } = content;
  const end = content.end ?? (await stat(path)).size;
  if (end <= start) return { length: 0, start: () => Buffer.alloc(0) };
  return { length: end - start, start: () => createReadStream(path, { start, end: end - 1 }) };
}

/** Sends the body and waits for the head of the answer, which may come first where the body is refused. */
function exchange(outgoing: ClientRequest, body: Body | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
    outgoing.setTimeout(idleTimeout, () => {
      outgoing.destroy(new Error(`no answer within ${idleTimeout / 1000} s`));
    });
    const content = body?.start();
    if (content === undefined || content instanceof Uint8Array) outgoing.end(content);
    else pipeline(content, outgoing).catch(reject);
  });
}

/** The status and the service's code of an error; never its whole text, which repeats what was signed. */
async function describe(response: IncomingMessage): Promise<string> {
  const body = await text(response).catch(() => '');
  const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1];
  return `HTTP ${response.statusCode ?? 0}${code === undefined ? '' : ` ${code}`}`;
}

function decodeUrl(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

function unescapeXml(escaped: string): string {
  const characters: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
  };
  return escaped.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => characters[name]!);
}
