import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pause } from '../../files/pause.js';
import { jsonText } from '../../files/write-atomic.js';
import { LockstepError, serializeError } from '../../protocol/index.js';
import { markup } from '../../report/html/markup.js';
import type { Content, Markup } from '../../report/html/markup.js';
import { reportJsonSchema } from '../../report/report-schema.js';
import { readRun } from '../../run/read-run.js';
import { cleanText } from '../../text/text.js';
import { apiSchemaVersion, openApiDocument, runDocument } from './api.js';
import { readAssets } from './assets.js';
import { Control } from './control.js';
import type { ControlOptions } from './control.js';
import { printedText, runControls, startForm, startPlace } from './control-pages.js';
import { EventStream } from './event-stream.js';
import { servedFiles } from './files.js';
import { hostsOf, refusalOf, safetyHeaders } from './guard.js';
import { LiveRun } from './live-run.js';
import type { LiveMessage } from './live-run.js';
import {
  comparePage,
  filesPage,
  listPage,
  listRows,
  messagePage,
  pathOf,
  reportPlaces,
  runPage,
} from './pages.js';
import { RunIndex } from './run-index.js';
import type { IndexedRun } from './run-index.js';
import { isRendered, Reports } from './reports.js';
import { ServerMetrics } from './server-metrics.js';

export interface ServeOptions {
  /** Of the runs; absolute. */
  readonly folder: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** What clients must know; undefined: nothing. */
  readonly token: string | undefined;
  /** How runs are started, stopped and resumed; undefined: they are not. Needs a token. */
  readonly control?: Omit<ControlOptions, 'folder'> | undefined;
  /** Told of faults of the server itself. */
  readonly onFault: (text: string) => void;
}

/** Most connections, and most of them that listen to events. */
const limits = { connections: 512, streams: 256 };
/** Bytes of a form. */
const longestForm = 1 << 16;
/** Milliseconds that a page waits for its report before it is sent without. */
const patience = 150;
/** Milliseconds after which the list is sent with runs that have not been read yet. */
const listPatience = 150;
/** Milliseconds between two looks at the list of runs, while somebody looks at it. */
const listInterval = 500;

/** A web server of the runs of a folder, which only reads them unless it is given control. */
export class RunServer {
  readonly #options: ServeOptions;
  readonly #server: Server;
  readonly #index: RunIndex;
  readonly #reports = new Reports();
  readonly #live = new Map<string, LiveRun>();
  readonly #assets = readAssets();
  readonly #metrics = new ServerMetrics();
  readonly #listeners = new Set<EventStream>();
  readonly #stop = new AbortController();
  #hosts: ReadonlySet<string> = new Set();
  readonly #control: Control | undefined;
  #streams = 0;

  constructor(options: ServeOptions) {
    this.#options = options;
    const { control, folder } = options;
    this.#control = control && new Control({ ...control, folder });
    this.#index = new RunIndex(options.folder);
    this.#server = createServer(
      {
        headersTimeout: 10_000,
        // How often the two are looked at; by default only every 30 seconds.
        connectionsCheckingInterval: 2000,
        requestTimeout: 15_000,
        keepAliveTimeout: 5000,
        maxHeaderSize: 16_384,
      },
      (request, response) => {
        void this.#answer(request, response);
      },
    );
    this.#server.maxConnections = limits.connections;
  }

  /**
   * @returns where it answers, without a token
   * @throws LockstepError `usage` where there is no such folder, and where it cannot listen
   */
  async start(): Promise<string> {
    const { host, port } = this.#options;
    await this.#index.list(0);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const hint =
          cause.code === 'EADDRINUSE'
            ? 'Another program listens there; --port 0 takes a free port.'
            : undefined;
        reject(
          new LockstepError('usage', `cannot listen on ${host}:${port}: ${cause.message}`, {
            cause,
            hint,
          }),
        );
      });
      this.#server.listen(port, host, resolve);
    });
    const { port: bound } = this.#server.address() as AddressInfo;
    this.#hosts = hostsOf(host, bound);
    void this.#watchList();
    return `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const run of this.#live.values()) run.close();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.#server.closeAllConnections();
    await closed;
    this.#reports.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('close', () => {
      this.#metrics.request(methodOf(request), response.statusCode);
    });
    // A client that leaves is no fault of the server's.
    response.on('error', () => undefined);
    try {
      const { token } = this.#options;
      const control = this.#control !== undefined;
      const refusal = refusalOf(request, { hosts: this.#hosts, token, control });
      if (refusal !== undefined) {
        if (request.method === 'POST') this.#audit(request, `refused: ${refusal.text}`);
        send(response, refusal.status, 'text/plain; charset=utf-8', refusal.text, refusal.headers);
        return;
      }
      const url = new URL(request.url!, 'http://localhost');
      if (request.method === 'POST') await this.#change(url, request, response);
      else await this.#route(url, response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      if (!(error instanceof LockstepError)) {
        this.#options.onFault(serializeError(error).stack ?? String(error));
        sendPage(
          response,
          messagePage('Something went wrong', 'The terminal of the server has the details.'),
          500,
        );
        return;
      }
      const { message, hint = '' } = error;
      const status = request.method === 'POST' ? 409 : 503;
      sendPage(response, messagePage('That did not work', `${message} ${hint}`), status);
    }
  }

  async #route({ pathname, searchParams }: URL, response: ServerResponse): Promise<void> {
    const asset = this.#assets.get(pathname);
    if (asset !== undefined) {
      send(response, 200, asset.type, asset.text);
      return;
    }
    const parts = partsOf(pathname);
    const [first, id, what, ...rest] = parts ?? [];
    if (parts?.length === 0) {
      const start = this.#control && startPlace(await this.#control.configurations());
      sendPage(response, listPage(await this.#index.list(listPatience), start));
    } else if (first === 'healthz' && id === undefined)
      send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
    else if (first === 'metrics' && id === undefined) {
      const text = await this.#metrics.text(await this.#index.list(), this.#streams);
      send(response, 200, this.#metrics.contentType, text);
    } else if (first === 'rows' && id === undefined) {
      sendPage(response, listRows(await this.#index.list(listPatience)).text);
    } else if (first === 'events' && id === undefined) this.#streamList(response);
    else if (first === 'compare' && id === undefined)
      await this.#compare(searchParams.getAll('run'), response);
    else if (first === 'api') await this.#answerProgram([id, what, ...rest], response);
    else if (first === 'runs' && id !== undefined) {
      const run = await this.#index.find(id);
      if (run === undefined) notFound(response);
      else
        await this.#routeRun(
          run,
          [what, ...rest].filter((part) => part !== undefined),
          searchParams,
          response,
        );
    } else notFound(response);
  }

  /** The addresses below `/api`: JSON, errors too. */
  async #answerProgram(
    [what, id, ...rest]: readonly (string | undefined)[],
    response: ServerResponse,
  ): Promise<void> {
    const reply = (document: object, status = 200) => {
      send(response, status, 'application/json', jsonText(document));
    };
    const schemaVersion = apiSchemaVersion;
    const run = what === 'runs' && id !== undefined ? await this.#index.find(id) : undefined;
    if (what === 'openapi.json' && id === undefined) reply(openApiDocument());
    else if (what === 'report.schema.json' && id === undefined) reply(reportJsonSchema());
    else if (what === 'runs' && id === undefined) {
      reply({ schemaVersion, runs: (await this.#index.list()).map(runDocument) });
    } else if (run !== undefined && rest.length === 0) {
      reply({ schemaVersion, run: runDocument(run) });
    } else reply({ error: 'There is nothing at this address.' }, 404);
  }

  async #routeRun(
    run: IndexedRun,
    path: readonly string[],
    query: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    const [what, ...rest] = path;
    if (what === undefined) {
      const making = this.#reports.of(run);
      const made = query.get('report') === 'wait' ? await making : await soon(making);
      sendPage(response, runPage(run, made, await this.#controlsOf(run)));
    } else if (what === 'report' && rest.length === 0) {
      const { heading, verdict, sections } = reportPlaces(run, await this.#reports.of(run));
      const control = (await this.#controlsOf(run))?.text ?? '';
      const texts = {
        ...{ heading: heading.text, verdict: verdict.text },
        ...{ sections: sections.text, control },
      };
      send(response, 200, 'application/json', JSON.stringify(texts));
    } else if (what === 'report.json' && rest.length === 0) {
      const report = await this.#reports.of(run);
      if (isRendered(report)) send(response, 200, 'application/json', report.json);
      else sendPage(response, messagePage('There is no report', report.reason), 404);
    } else if (what === 'events' && rest.length === 0) {
      this.#streamRun(run, query.get('measure') ?? undefined, response);
    } else if (what === 'files') await sendFile(run, rest.join('/'), response);
    else notFound(response);
  }

  /** What the pages' forms ask for. */
  async #change(
    { pathname }: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const control = this.#control!;
    const [first, id, what, ...rest] = partsOf(pathname) ?? [];
    this.#audit(request, 'accepted');
    const form = await formOf(request);
    if (form === undefined) {
      const text = `Expected a form of at most ${longestForm >> 10} KiB, as application/x-www-form-urlencoded.`;
      send(response, 400, 'text/plain; charset=utf-8', text, { Connection: 'close' });
      return;
    }
    const seeOther = (path: string) => {
      send(response, 303, 'text/plain; charset=utf-8', '', { Location: path });
    };
    const again = async (text: Content) => {
      const forms = startForm(await control.configurations(), form);
      const page = messagePage('The run was not started', markup`${text} ${forms}`);
      sendPage(response, page, 400);
    };
    if (first === 'start' && id === undefined) {
      try {
        const started = await control.start(form);
        if ('printed' in started) await again(printedText(started.code, started.printed));
        else seeOther(started.run === undefined ? '/' : pathOf(started.run));
      } catch (error) {
        if (!(error instanceof LockstepError)) throw error;
        await again(markup`<pre tabindex="0">${error.message}\n${error.hint}</pre>`);
      }
      return;
    }
    const run = first === 'runs' && id !== undefined ? await this.#index.find(id) : undefined;
    if (run === undefined || rest.length > 0) notFound(response);
    else if (what === 'stop') {
      await control.stop(run);
      seeOther(pathOf(run.id));
    } else if (what === 'resume') {
      const started = await control.resume(run, form);
      if (!('printed' in started)) seeOther(pathOf(run.id));
      else {
        const text = printedText(started.code, started.printed);
        sendPage(response, messagePage('The run was not resumed', text), 400);
      }
    } else notFound(response);
  }

  async #controlsOf(run: IndexedRun): Promise<Markup | undefined> {
    const { overview } = run;
    if (this.#control === undefined || overview === undefined) return undefined;
    const activity = await this.#control.activityOf(run);
    const open = overview.state === 'unfinished';
    return runControls(pathOf(run.id), activity, { open, failed: overview.state === 'failed' });
  }

  #audit({ method, url, socket }: IncomingMessage, text: string): void {
    const { remoteAddress: from = 'nowhere' } = socket;
    this.#options.control?.onAudit(cleanText(`${method ?? ''} ${url ?? ''} from ${from}: ${text}`));
  }

  async #compare(ids: readonly string[], response: ServerResponse): Promise<void> {
    const found = await Promise.all(ids.slice(0, 2).map((id) => this.#index.find(id)));
    const [one, other] = found;
    if (ids.length !== 2 || one?.overview === undefined || other?.overview === undefined) {
      sendPage(
        response,
        messagePage('Choose two runs', 'Tick two runs in the list that can be read, then compare.'),
        400,
      );
      return;
    }
    const runs = [await readRun(one.folder), await readRun(other.folder)] as const;
    const reports = [await this.#reports.of(one), await this.#reports.of(other)] as const;
    sendPage(response, comparePage(runs, reports));
  }

  #openStream(response: ServerResponse): EventStream | undefined {
    if (this.#streams >= limits.streams) {
      send(response, 503, 'text/plain; charset=utf-8', 'Too many pages are open.', {
        'Retry-After': '5',
      });
      return undefined;
    }
    this.#streams += 1;
    const stream = new EventStream(response, safetyHeaders);
    stream.onClose(() => {
      this.#streams -= 1;
    });
    return stream;
  }

  #streamRun(
    { id, folder }: IndexedRun,
    measure: string | undefined,
    response: ServerResponse,
  ): void {
    const stream = this.#openStream(response);
    if (stream === undefined) return;
    const live =
      this.#live.get(id) ??
      new LiveRun(folder, (seconds) => {
        this.#metrics.delay(seconds);
      });
    this.#live.set(id, live);
    const texts = new WeakMap<object, string>();
    const leave = live.listen({
      measure,
      send: ({ event, data }: LiveMessage) => {
        const text = texts.get(data) ?? JSON.stringify(data);
        texts.set(data, text);
        stream.send(event, text);
        this.#metrics.event();
      },
    });
    stream.onClose(() => {
      leave();
      if (!live.isWatched) this.#live.delete(id);
    });
  }

  #streamList(response: ServerResponse): void {
    const stream = this.#openStream(response);
    if (stream === undefined) return;
    this.#listeners.add(stream);
    stream.onClose(() => this.#listeners.delete(stream));
    stream.send('list', '{}');
  }

  /** Tells those who look at the list when it has changed. */
  async #watchList(): Promise<void> {
    const { signal } = this.#stop;
    let before = '';
    let took = 0;
    while (!signal.aborted) {
      // A long list may take a twentieth of the time.
      await pause(Math.max(listInterval, 20 * took), signal);
      if (this.#listeners.size === 0) continue;
      const start = performance.now();
      // A folder that is gone for a moment may come back.
      const runs = await this.#index.list(listPatience).catch(() => []);
      took = performance.now() - start;
      const now = runs.map(({ id, version }) => `${id} ${version}`).join('\n');
      if (now !== before) for (const stream of this.#listeners) stream.send('list', '{}');
      before = now;
    }
  }
}

/** What is counted: others could be any text. */
function methodOf({ method = '' }: IncomingMessage): string {
  return ['GET', 'HEAD', 'POST'].includes(method) ? method : 'other';
}

/** The parts of a path, decoded; undefined where it is malformed or tries to lead elsewhere. */
function partsOf(pathname: string): string[] | undefined {
  try {
    const parts = pathname.split('/').slice(1).map(decodeURIComponent);
    if (parts.at(-1) === '') parts.pop();
    return parts.some(
      (part) => part === '' || part === '.' || part === '..' || /[/\\\0]/.test(part),
    )
      ? undefined
      : parts;
  } catch {
    return undefined;
  }
}

/** Undefined for what is none, or is too long. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')) {
    return undefined;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestForm) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** What is ready soon; undefined for what takes longer. */
async function soon<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return Promise.race([promise, sleep(patience, undefined, { ref: false })]);
}

async function sendFile(
  { id, folder }: IndexedRun,
  file: string,
  response: ServerResponse,
): Promise<void> {
  const files = await servedFiles(folder);
  if (file === '') {
    sendPage(response, filesPage(id, files));
    return;
  }
  if (!files.includes(file)) {
    notFound(response);
    return;
  }
  // As text or for download: a run's own report must not run as a page of this server.
  const isText = /\.(json|ndjson)$/.test(file);
  response.writeHead(200, {
    ...safetyHeaders,
    'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/octet-stream',
    ...(!isText && { 'Content-Disposition': 'attachment' }),
  });
  await pipeline(createReadStream(join(folder, file)), response).catch(() => response.destroy());
}

function notFound(response: ServerResponse): void {
  sendPage(response, messagePage('Not found', 'There is nothing at this address.'), 404);
}

function sendPage(response: ServerResponse, html: string, status = 200): void {
  send(response, status, 'text/html; charset=utf-8', html);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(text);
  response.writeHead(status, {
    ...safetyHeaders,
    'Content-Type': type,
    'Content-Length': body.length,
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
