import { useQuery } from "@tanstack/react-query";
import { type Preferences, preferencesQuery } from "@/api/preferences";
import { useChoice } from "@/app/preferences";
import { Select } from "@/design/Field";
import { Failed, Loading } from "@/design/States";
import { type TextKey, useText } from "@/words/text";
import { FORMATS, PROFILES } from "../new-batch/draft/draft";

/** What a batch has where nobody says otherwise: here, and wherever it is asked for. */
export function Defaults() {
  const t = useText();
  const choose = useChoice();
  const found = useQuery(preferencesQuery);
  if (found.isPending) return <Loading rows={2} />;
  if (found.isError) return <Failed error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Select
        label={t("newBatch.options.profile")}
        value={found.data.profile ?? ""}
        onChange={(event) =>
          choose({ profile: (event.target.value || null) as Preferences["profile"] })
        }
      >
        <option value="">{t("settings.asItComes")}</option>
        {PROFILES.map((profile) => (
          <option key={profile} value={profile}>
            {t(`newBatch.options.${profile}` as TextKey)}
          </option>
        ))}
      </Select>
      <Select
        label={t("newBatch.options.format")}
        value={found.data.format ?? ""}
        onChange={(event) =>
          choose({ format: (event.target.value || null) as Preferences["format"] })
        }
      >
        <option value="">{t("settings.asItComes")}</option>
        {FORMATS.map((format) => (
          <option key={format} value={format}>
            {format.toUpperCase()}
          </option>
        ))}
      </Select>
      <p className="text-sm text-muted sm:col-span-2">{t("settings.defaultsHint")}</p>
    </div>
  );
}
