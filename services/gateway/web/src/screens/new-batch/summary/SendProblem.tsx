import { Problem } from "@/api/problem";
import { Notice } from "@/design/Notice";
import { useProblemText } from "@/design/problemText";
import { useText } from "@/words/text";

const MOST_SHOWN = 6;

/** Why the server refused the batch: everything at once, each with the place it is about. */
export function SendProblem({ error }: { error: unknown }) {
  const t = useText();
  const { title, detail } = useProblemText()(error);
  const errors = error instanceof Problem ? error.errors : [];
  return (
    <Notice tone="bad" title={title}>
      {errors.length === 0 && detail && <p>{detail}</p>}
      <ul className="flex flex-col gap-1">
        {errors.slice(0, MOST_SHOWN).map((each) => (
          <li key={each.pointer + each.detail}>{each.detail}</li>
        ))}
        {errors.length > MOST_SHOWN && (
          <li>{t("newBatch.titles.others", { count: errors.length - MOST_SHOWN })}</li>
        )}
      </ul>
    </Notice>
  );
}
