/** The page that lists both documents: plain HTML, no script. */
import type { asyncApiDocument } from './asyncapi.ts';
import type { openApiDocument } from './openapi.ts';

interface Operation {
  summary: string;
  tags: string[];
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}

export function docsPage(
  rest: ReturnType<typeof openApiDocument>,
  socket: ReturnType<typeof asyncApiDocument>,
): string {
  const operations = Object.entries(rest.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
  );
  const sections = rest.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return own.length === 0
      ? ''
      : html`<h2>${description}</h2>
          ${raw(own.map(operationHtml).join(''))}`;
  });
  const { fromClient, fromServer } = socket.operations;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${rest.info.title} API ${rest.info.version}</title>
        <link rel="stylesheet" href="/docs/style.css" />
      </head>
      <body>
        <main>
          <h1>${rest.info.title} API ${rest.info.version}</h1>
          <p>
            ${rest.info.summary} As files: <a href="/docs/openapi.json">OpenAPI</a>,
            <a href="/docs/asyncapi.json">AsyncAPI</a>.
          </p>
          ${raw(sections.join(''))}
          <h2>On the socket</h2>
          <p>${socket.info.description}</p>
          ${raw(messagesHtml('From the client', fromClient, socket))}${raw(messagesHtml('From the server', fromServer, socket))}
          <h2>Close codes</h2>
          <table>
            <thead>
              <tr>
                <th>Code</th>
                <th>Reason</th>
                <th>The client</th>
              </tr>
            </thead>
            <tbody>
              ${raw(closeCodes(socket))}
            </tbody>
          </table>
          <h2>Schemas</h2>
          ${raw(Object.entries(rest.components.schemas).map(schemaHtml).join(''))}
        </main>
      </body>
    </html> `;
}

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const parameters = operation.parameters.map(
    (each) =>
      html`<li><code>${each.name}</code> (${each.in}${each.required ? '' : ', optional'}) ${code(each.schema)}</li>`,
  );
  const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { schema }]) => html`<li>Body <code>${type}</code> ${code(schema)}</li>`,
  );
  const answers = Object.entries(operation.responses).map(([status, { description, content = {} }]) => {
    const types = Object.entries(content).map(([type, { schema }]) =>
      status === '200' && schema ? html`<br /><code>${type}</code> ${code(schema)}` : '',
    );
    return html`<li><b>${status}</b> ${description}${raw(types.join(''))}</li>`;
  });
  return html`<details>
    <summary><code>${method.toUpperCase()} ${path}</code> ${operation.summary}</summary>
    <ul>
      ${raw([...parameters, ...bodies, ...answers].join(''))}
    </ul>
  </details>`;
}

function messagesHtml(title: string, operation: object, socket: ReturnType<typeof asyncApiDocument>): string {
  const { messages } = operation as { messages: { $ref: string }[] };
  const all = socket.components.messages as Record<string, { payload: object; summary?: string }>;
  const items = messages.map(({ $ref }) => {
    const name = $ref.split('/').at(-1) ?? '';
    const { payload, summary = '' } = all[name] ?? { payload: {} };
    return html`<details>
      <summary><code>${name}</code> ${summary}</summary>
      ${code(payload)}
    </details>`;
  });
  return html`<h3>${title}</h3>
    ${raw(items.join(''))}`;
}

function closeCodes(socket: ReturnType<typeof asyncApiDocument>): string {
  return Object.values(socket['x-close-codes'])
    .map(
      ({ code, reason, action }) =>
        html`<tr>
          <td>${String(code)}</td>
          <td>${reason}</td>
          <td>${action}</td>
        </tr>`,
    )
    .join('');
}

function schemaHtml([name, schema]: [string, unknown]): string {
  return html`<details id="${name}">
    <summary><code>${name}</code></summary>
    ${code(schema as object)}
  </details>`;
}

/** Short schemas in the line, long ones as a block. */
function code(schema: object): Html {
  const line = JSON.stringify(schema);
  if (line.length <= 100) return raw(html`<code>${line}</code>`);
  return raw(html`<pre>${JSON.stringify(schema, null, 2)}</pre>`);
}

interface Html {
  html: string;
}

const raw = (markup: string): Html => ({ html: markup });

/** A template whose values are text, but for those marked as markup. */
function html(strings: TemplateStringsArray, ...values: (string | Html)[]): string {
  return String.raw(strings, ...values.map((value) => (typeof value === 'string' ? escaped(value) : value.html)));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

export const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 2.5rem; font-size: 1.2rem; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 0.4rem 0; }
summary { cursor: pointer; }
code, pre { font: 0.9em/1.4 ui-monospace, monospace; }
summary > code { font-weight: 600; }
pre { overflow-x: auto; padding: 0.6rem; background: color-mix(in srgb, currentColor 8%, transparent); }
th, td { text-align: left; padding: 0.2rem 1rem 0.2rem 0; }
`;
