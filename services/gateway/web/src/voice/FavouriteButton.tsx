import { useQuery } from "@tanstack/react-query";
import { Star } from "lucide-react";
import { favouritesQuery, useFavouriteSwitch } from "@/api/favourites";
import type { Voice } from "@/api/types";
import { IconButton } from "@/design/Button";
import { useText } from "@/words/text";

export function FavouriteButton({ voice }: { voice: Voice }) {
  const t = useText();
  const favourites = useQuery(favouritesQuery);
  const change = useFavouriteSwitch();
  const isOne = favourites.data?.some((each) => each.id === voice.id) ?? false;
  return (
    <IconButton
      icon={Star}
      label={t("voice.favourite", { voice: voice.id })}
      aria-pressed={isOne}
      onClick={() => change.mutate({ voice, wanted: !isOne })}
      className="aria-pressed:[&_svg]:fill-current"
    />
  );
}
