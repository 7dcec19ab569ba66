import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useIsAdmin } from "@/api/access";
import { summaryQuery, trendQuery } from "@/api/analytics";
import { Card } from "@/design/Card";
import { Checkbox } from "@/design/Field";
import { Page } from "@/design/Page";
import { Segmented } from "@/design/Segmented";
import { Failed, Loading } from "@/design/States";
import { useText } from "@/words/text";
import { DayBars } from "./DayBars";
import { SummaryFigures } from "./SummaryFigures";
import { TopLists } from "./TopLists";

const PERIODS = ["7", "30", "90"] as const;

export function Analytics() {
  const t = useText();
  const isAdmin = useIsAdmin();
  const [days, setDays] = useState<(typeof PERIODS)[number]>("30");
  const [everyone, setEveryone] = useState(false);
  const period = { days: Number(days), everyone };
  const summary = useQuery(summaryQuery(period));
  const trend = useQuery(trendQuery(period));
  return (
    <Page title={t("analytics.title")} lead={t("analytics.lead")}>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <Segmented
          label={t("analytics.period")}
          value={days}
          onChange={setDays}
          options={PERIODS.map((value) => ({
            value,
            label: t("analytics.days", { count: Number(value) }),
          }))}
        />
        {isAdmin && (
          <Checkbox
            label={t("analytics.everyone")}
            checked={everyone}
            onChange={(event) => setEveryone(event.target.checked)}
          />
        )}
      </div>
      {summary.isError && <Failed error={summary.error} onRetry={() => void summary.refetch()} />}
      {summary.isPending && <Loading rows={4} />}
      {summary.data && <SummaryFigures summary={summary.data} />}
      <Card title={t("analytics.perDay")}>
        {trend.isPending && <Loading rows={3} />}
        {trend.isError && <Failed error={trend.error} onRetry={() => void trend.refetch()} />}
        {trend.data && <DayBars buckets={trend.data} />}
      </Card>
      {summary.data && <TopLists summary={summary.data} />}
    </Page>
  );
}
