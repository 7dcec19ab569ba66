import { Problem } from "@/api/problem";
import { Notice } from "@/design/Notice";
import { useProblemText } from "@/design/problemText";
import { useText } from "@/words/text";

/** What is wrong with a spreadsheet, by row and column, to be put right there. */
export function ImportProblem({ error }: { error: unknown }) {
  const t = useText();
  const { title, detail } = useProblemText()(error);
  const errors = error instanceof Problem ? error.errors : [];
  if (errors.length === 0) {
    return (
      <Notice tone="bad" title={title}>
        {detail}
      </Notice>
    );
  }
  return (
    <>
      <Notice tone="bad" title={title} />
      <table className="mt-3 w-full text-left text-sm">
        <thead className="text-muted">
          <tr>
            <th scope="col" className="py-1 pr-4 font-medium">
              {t("newBatch.import.row")}
            </th>
            <th scope="col" className="py-1 pr-4 font-medium">
              {t("newBatch.import.column")}
            </th>
            <th scope="col" className="py-1 font-medium">
              {t("newBatch.import.finding")}
            </th>
          </tr>
        </thead>
        <tbody>
          {errors.map((each) => (
            <tr key={each.pointer + each.detail} className="border-t border-line align-top">
              <td className="figures py-1.5 pr-4">{each.row ?? "–"}</td>
              <td className="py-1.5 pr-4">{each.column ?? each.pointer}</td>
              <td className="py-1.5">{each.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
