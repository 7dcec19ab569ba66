import { useQuery } from "@tanstack/react-query";
import { type Letter, letterQuery } from "@/api/deadLetters";
import { Dialog } from "@/design/Dialog";
import { Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";

/** A dead letter as it lies in Kafka: its headers, and what it says. */
export function LetterDialog({ letter, onClose }: { letter: Letter; onClose: () => void }) {
  const t = useText();
  const found = useQuery(letterQuery(letter.letter_id));
  return (
    <Dialog wide title={letter.topic} onClose={onClose}>
      {found.isPending && <Loading rows={4} />}
      {found.isError && <Failed error={found.error} />}
      {found.data && (
        <div className="flex flex-col gap-4 text-sm">
          <p className="text-bad" lang="en">
            {found.data.error}: {found.data.reason}
          </p>
          <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[auto_minmax(0,1fr)]">
            {Object.entries(found.data.headers).map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="font-mono break-all">{String(value)}</dd>
              </div>
            ))}
          </dl>
          <h3 className="font-medium">{t("deadLetters.value")}</h3>
          <pre className="max-h-80 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs whitespace-pre-wrap break-all">
            {indented(found.data.value ?? "")}
          </pre>
        </div>
      )}
    </Dialog>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
