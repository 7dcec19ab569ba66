import { Button } from "@/design/Button";
import { Notice } from "@/design/Notice";
import { useText } from "@/words/text";
import { type Finding, MOST_CHARACTERS, type Title } from "./findings";

const MOST_SHOWN = 5;

interface Props {
  titles: Title[];
  findings: Finding[];
  single: boolean;
  onMode: () => void;
  onCleanUp: () => void;
  onShow: (line: number) => void;
}

/** What is wrong with the titles, line by line, with what puts it right. */
export function Findings({ titles, findings, single, onMode, onCleanUp, onShow }: Props) {
  const t = useText();
  const duplicates = findings.some((finding) => finding.kind === "duplicate");
  if (single && titles.length > 1) {
    return (
      <div className="mt-3">
        <Notice
          tone="warn"
          title={t("newBatch.titles.tooMany", { count: titles.length })}
          action={<Button onClick={onMode}>{t("newBatch.titles.toMatrix")}</Button>}
        />
      </div>
    );
  }
  if (findings.length === 0) return null;
  return (
    <div className="mt-3">
      <Notice
        tone="warn"
        title={t("newBatch.titles.findings", { count: findings.length })}
        action={duplicates && <Button onClick={onCleanUp}>{t("newBatch.titles.cleanUp")}</Button>}
      >
        <ul className="mt-1 flex flex-col items-start">
          {findings.slice(0, MOST_SHOWN).map((finding) => (
            <li key={`${finding.kind}-${finding.line}`}>
              <button
                type="button"
                onClick={() => onShow(finding.line)}
                className="min-h-7 text-left underline underline-offset-2"
              >
                {finding.kind === "duplicate"
                  ? t("newBatch.titles.duplicate", { line: finding.line, of: finding.of })
                  : t("newBatch.titles.long", {
                      line: finding.line,
                      characters: finding.characters,
                      most: MOST_CHARACTERS,
                    })}
              </button>
            </li>
          ))}
          {findings.length > MOST_SHOWN && (
            <li>{t("newBatch.titles.others", { count: findings.length - MOST_SHOWN })}</li>
          )}
        </ul>
      </Notice>
    </div>
  );
}
