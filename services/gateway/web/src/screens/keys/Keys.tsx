import { Page } from "@/design/Page";
import { useText } from "@/words/text";
import { ApiKeys } from "./ApiKeys";
import { ProviderKeys } from "./ProviderKeys";

export function Keys() {
  const t = useText();
  return (
    <Page title={t("keys.title")} lead={t("keys.lead")}>
      <ProviderKeys />
      <ApiKeys />
    </Page>
  );
}
