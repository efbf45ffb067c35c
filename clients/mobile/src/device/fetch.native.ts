/**
 * Says what browsers say when no page of somebody else's asks. The server then gives a guest a name, in a cookie that the
 * system keeps: without one there is no history, and nobody to record an agreement of.
 */
export const deviceFetch: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.set('sec-fetch-site', 'none');
  return fetch(input, { ...init, headers });
};
