import { keepAwake, watchConnection } from '../../../browser/src/page-life.ts';

export function watchConversation(probe: () => void): () => void {
  const ends = [watchConnection(probe), keepAwake()];
  return () => {
    for (const end of ends) end();
  };
}
