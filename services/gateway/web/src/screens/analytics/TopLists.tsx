import type { Summary } from "@/api/analytics";
import { Card } from "@/design/Card";
import { useFormat } from "@/words/format";
import { stageName } from "@/words/stage";
import { useText } from "@/words/text";

/** What was asked for most, who did the work, and what failed. */
export function TopLists({ summary }: { summary: Summary }) {
  const t = useText();
  const format = useFormat();
  return (
    <div className="grid items-start gap-5 md:grid-cols-2">
      <TopList
        title={t("analytics.topLanguages")}
        rows={summary.top_languages.map((each) => ({
          name: format.language(each.name),
          value: t("unit.jobs", { count: each.jobs }),
        }))}
      />
      <TopList
        title={t("analytics.topVoices")}
        rows={summary.top_voices.map((each) => ({
          name: each.name,
          value: t("unit.jobs", { count: each.jobs }),
        }))}
      />
      <TopList
        title={t("analytics.providers")}
        rows={summary.by_provider.map((each) => ({
          name: each.name,
          value: `${t("analytics.calls", { count: each.calls })} · ${format.money(each.cost_usd)}`,
        }))}
      />
      <TopList
        title={t("analytics.failures")}
        rows={summary.top_failures.map((each) => ({
          name: `${stageName(t, each.stage)}: ${each.code}`,
          value: t("unit.jobs", { count: each.jobs }),
        }))}
      />
    </div>
  );
}

function TopList({ title, rows }: { title: string; rows: { name: string; value: string }[] }) {
  const t = useText();
  return (
    <Card title={title}>
      {rows.length === 0 && <p className="text-sm text-muted">{t("analytics.nothing")}</p>}
      <dl className="flex flex-col gap-2 text-sm">
        {rows.map(({ name, value }) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="min-w-0 break-words">{name}</dt>
            <dd className="figures shrink-0 text-right text-muted">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
