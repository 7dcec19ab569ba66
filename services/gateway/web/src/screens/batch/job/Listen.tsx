import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { audioQuery, textQuery } from "@/api/jobs";
import type { Job } from "@/api/types";
import { Cues } from "@/audio/Cues";
import { parseVtt } from "@/audio/cues";
import { Transport } from "@/audio/Transport";
import { usePlayer } from "@/audio/usePlayer";
import { Failed, Loading } from "@/design/States";

export function Listen({ job }: { job: Job }) {
  // Made anew after an edit: the time of its making tells one from the other.
  const version = job.completed_at ?? job.updated_at;
  const sound = useQuery(audioQuery(job.links.audio ?? "", version));
  const subtitles = useQuery({
    ...textQuery(job.links.vtt ?? "", version),
    enabled: job.links.vtt !== null,
  });
  const player = usePlayer(sound.data, job.audio_seconds ?? 0);
  const cues = useMemo(() => parseVtt(subtitles.data ?? ""), [subtitles.data]);

  if (sound.isError) return <Failed error={sound.error} onRetry={() => void sound.refetch()} />;
  if (!sound.data) return <Loading rows={3} />;
  return (
    <div className="flex flex-col gap-3">
      <Transport player={player} sound={sound.data} version={`${job.job_id} ${version}`} />
      {cues.length > 0 && <Cues cues={cues} player={player} language={job.language} />}
    </div>
  );
}
