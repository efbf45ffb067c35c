/** REST as a client calls it. */
import { expect } from 'vitest';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: { success: boolean; data: T; error: string; code: string };
}

export interface CallOptions {
  method?: string;
  /** Sent as JSON. */
  json?: unknown;
  body?: RequestInit['body'];
  headers?: Record<string, string>;
}

export async function call<T>(url: string, { method, json, body, headers = {} }: CallOptions = {}): Promise<Answer<T>> {
  const content = json === undefined ? {} : { body: JSON.stringify(json) };
  const type: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, {
    method: method ?? 'GET',
    headers: { ...type, ...headers },
    ...content,
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer<T>['body'] };
}

/** The `data` of an answer that must be a success. */
export async function data<T>(url: string, options: CallOptions = {}): Promise<T> {
  const { status, body } = await call<T>(url, options);
  expect({ status, ...body }).toMatchObject({ status: 200, success: true });
  return body.data;
}

/** A form as a browser's MediaRecorder front end sends it. */
export function recordingForm(bytes: Uint8Array, name = 'recording.webm', type = 'audio/webm'): FormData {
  const form = new FormData();
  form.append('audio', new Blob([new Uint8Array(bytes)], { type }), name);
  return form;
}

/** A refusal has the envelope, a sentence, and nothing of the inside. */
export function expectRefusal({ status, body }: Answer<unknown>, code?: string): void {
  expect(Object.keys(body).sort()).toEqual(['code', 'error', 'success']);
  expect(body.success).toBe(false);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(body.error).toMatch(/^\S.{3,}/);
  expect(body.error).not.toMatch(/\bat \S+ \(|node_modules|\.ts:\d|select |insert |relation|FST_|Error:/i);
  expect(body.code).toMatch(/^[a-z][a-z0-9_]+$/);
  if (code !== undefined) expect(body.code).toBe(code);
}
