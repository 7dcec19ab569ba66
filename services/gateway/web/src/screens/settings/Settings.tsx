import { signOut } from "@/api/access";
import { useSession } from "@/api/session";
import { useChoice } from "@/app/preferences";
import { setTheme, type Theme, useTheme } from "@/app/theme";
import { Button } from "@/design/Button";
import { Card } from "@/design/Card";
import { Page } from "@/design/Page";
import { Segmented } from "@/design/Segmented";
import { useText } from "@/words/text";
import { Defaults } from "./Defaults";
import { LanguageSwitch } from "./LanguageSwitch";
import { NotificationConsent } from "./NotificationConsent";
import { Password } from "./Password";
import { Sessions } from "./Sessions";

export function Settings() {
  const t = useText();
  const theme = useTheme();
  const who = useSession();
  const choose = useChoice();
  const themes: { value: Theme; label: string }[] = [
    { value: "system", label: t("settings.themeSystem") },
    { value: "light", label: t("settings.themeLight") },
    { value: "dark", label: t("settings.themeDark") },
  ];
  return (
    <Page title={t("settings.title")}>
      <Card title={t("settings.appearance")}>
        <dl className="flex flex-col gap-4">
          <div className="flex flex-col gap-2">
            <dt className="text-sm font-medium">{t("settings.theme")}</dt>
            <dd>
              <Segmented
                label={t("settings.theme")}
                options={themes}
                value={theme}
                onChange={(chosen) => {
                  setTheme(chosen);
                  choose({ theme: chosen === "system" ? null : chosen });
                }}
              />
            </dd>
          </div>
          <div className="flex flex-col gap-2">
            <dt className="text-sm font-medium">{t("settings.language")}</dt>
            <dd>
              <LanguageSwitch onChosen={(chosen) => choose({ ui_language: chosen })} />
            </dd>
          </div>
        </dl>
      </Card>
      <Card title={t("settings.defaults")}>
        <Defaults />
      </Card>
      <Card title={t("settings.notifications")}>
        <NotificationConsent />
      </Card>
      <Card title={t("security.password")}>
        <Password />
      </Card>
      <Card title={t("security.sessions")}>
        <Sessions />
      </Card>
      <Card title={t("settings.account")}>
        <p className="mb-4 text-sm break-all">
          {t("settings.signedInAs", { email: who?.email ?? "" })}
        </p>
        <Button onClick={() => void signOut()}>{t("nav.signOut")}</Button>
      </Card>
    </Page>
  );
}
