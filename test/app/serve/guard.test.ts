import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { hostsOf, isLoopback, refusalOf } from '../../../src/app/serve/guard.js';

const token = 'a right and long token';
const open = { hosts: hostsOf('127.0.0.1', 8080), token: undefined, control: false };
const closed = { ...open, token };

function ask(
  url: string,
  { method = 'GET', ...headers }: Readonly<Record<string, string>> = {},
): IncomingMessage {
  return {
    method,
    url,
    headers: { host: '127.0.0.1:8080', ...headers },
  } as unknown as IncomingMessage;
}

describe('refusalOf', () => {
  it('lets through who asks under a name of this machine', () => {
    for (const host of ['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST:8080', '[::1]:8080']) {
      expect(refusalOf(ask('/', { host }), open), host).to.equal(undefined);
    }
  });

  it('answers under no other name, so that a page elsewhere cannot rebind its own to this machine', () => {
    for (const host of [
      'evil.example',
      'localhost',
      'localhost:80',
      '127.0.0.1:8080.evil.example',
      '',
    ]) {
      expect(refusalOf(ask('/', { host }), open)?.status, host).to.equal(421);
    }
  });

  it('only reads', () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']) {
      expect(refusalOf(ask('/', { method }), open)?.status, method).to.equal(405);
    }
  });

  it('refuses addresses that are none, or too long', () => {
    for (const url of [
      '',
      '*',
      'http://evil.example/',
      '//evil.example/?token=x',
      `/${'a'.repeat(3000)}`,
    ]) {
      expect(refusalOf(ask(url), open)?.status).to.equal(400);
    }
  });

  it('asks for the token, and exchanges it for a cookie that no script and no other site gets', () => {
    for (const request of [
      ask('/'),
      ask('/?token=wrong'),
      ask('/', { cookie: 'lockstep_token_8080=wrong' }),
      ask('/', { cookie: 'lockstep_token_8080=%E0%A4%A' }),
      ask('/', { authorization: 'Basic abc' }),
    ]) {
      expect(refusalOf(request, closed)?.status).to.equal(401);
    }
    const right = refusalOf(ask(`/runs/a?measure=loss&token=${encodeURIComponent(token)}`), closed);
    expect(right?.status).to.equal(303);
    expect(right?.headers?.Location).to.equal('/runs/a?measure=loss');
    expect(right?.headers?.['Set-Cookie']).to.match(/; HttpOnly; SameSite=Strict; Path=\/$/);
    const [cookie] = right!.headers!['Set-Cookie']!.split(';');
    expect(refusalOf(ask('/', { cookie: `other=1; ${cookie!}` }), closed)).to.equal(undefined);
    expect(refusalOf(ask('/', { authorization: `Bearer ${token}` }), closed)).to.equal(undefined);
  });
});

describe('refusalOf with control', () => {
  const control = { ...closed, control: true };
  const cookie = `lockstep_token_8080=${encodeURIComponent(token)}`;
  const statusOf = (headers: Readonly<Record<string, string>>) =>
    refusalOf(ask('/start', { method: 'POST', ...headers }), control)?.status;

  it('takes changes from its own pages, and from programs that know the token', () => {
    for (const headers of [
      { cookie, 'sec-fetch-site': 'same-origin' },
      { cookie, origin: 'http://127.0.0.1:8080' },
      { authorization: `Bearer ${token}` },
    ]) {
      expect(statusOf(headers)).to.equal(undefined);
    }
  });

  it('takes none from pages elsewhere, though the browser sends its cookie along', () => {
    for (const headers of [
      { cookie },
      { cookie, 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1:8080' },
      // Another port of this machine is the same site.
      { cookie, 'sec-fetch-site': 'same-site' },
      { cookie, 'sec-fetch-site': 'none' },
      { cookie, origin: 'http://127.0.0.1:9090' },
      { cookie, origin: 'null' },
    ]) {
      expect(statusOf(headers), JSON.stringify(headers)).to.equal(403);
    }
  });

  it('takes none without the token, and none by other methods', () => {
    expect(statusOf({ 'sec-fetch-site': 'same-origin' })).to.equal(401);
    expect(statusOf({ authorization: 'Bearer wrong' })).to.equal(401);
    const untold = { ...open, control: true };
    expect(refusalOf(ask('/start', { method: 'POST' }), untold)?.status).to.equal(401);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect(refusalOf(ask('/start', { method, cookie }), control)?.status, method).to.equal(405);
    }
    // A token in the address makes no change by itself.
    const url = `/start?token=${encodeURIComponent(token)}`;
    expect(refusalOf(ask(url, { method: 'POST' }), control)?.status).to.equal(401);
  });
});

describe('isLoopback', () => {
  it('knows what other machines cannot reach', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1']) {
      expect(isLoopback(host), host).to.equal(true);
    }
    for (const host of ['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.evil.example', 'example.org']) {
      expect(isLoopback(host), host).to.equal(false);
    }
  });
});
