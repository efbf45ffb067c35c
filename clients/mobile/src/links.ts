/** Links into the app: `kukucoach://session/ID`, and in a browser `?session=ID`. */

/** Ids of sessions, as the server makes them; anything else in a link is nobody's. */
const SESSION_ID = /^[\w-]{1,64}$/;

/**
 * The session that a link leads to. It is looked for on the server that the person has chosen, whatever the link says
 * besides: a link must not make the app show its tokens to somebody else's server.
 */
export function sessionOfLink(link: string): string | undefined {
  let url: URL;
  try {
    url = new URL(link);
  } catch {
    return undefined;
  }
  const path = url.protocol.startsWith('http') ? '' : `${url.host}${url.pathname}`;
  const id = path.startsWith('session/')
    ? path.slice('session/'.length).replace(/\/$/, '')
    : url.searchParams.get('session');
  return id && SESSION_ID.test(id) ? id : undefined;
}
