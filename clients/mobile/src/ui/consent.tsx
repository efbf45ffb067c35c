/** Before the first talk, and when the text has changed: what happens to one's words, to be agreed to. */
import { useValue } from '../signals.ts';
import { useLook } from './look.tsx';
import { Button, Words } from './parts.tsx';
import { Sheet } from './sheet.tsx';

export function ConsentSheet() {
  const { model, words } = useLook();
  const { gate } = model;
  const wish = useValue(gate.wish);
  const shown = useValue(gate.text);
  const { privacy } = words;
  if (!wish || !shown) return null;
  return (
    <Sheet title={privacy.consentTitle} onCancel={gate.decline}>
      <Words>{privacy.consentLead}</Words>
      <Words size={15} tone="soft">
        {shown.text}
      </Words>
      <Button large label={privacy.agree} onPress={gate.agree} />
      <Button kind="quiet" label={privacy.notNow} onPress={gate.decline} />
    </Sheet>
  );
}
