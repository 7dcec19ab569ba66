import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";
import { useProblemText } from "./problemText";
import { say } from "./Toasts";

interface Options<V, R> {
  /** What is read again afterwards. */
  reads: QueryKey;
  onDone?: (result: R, values: V) => void;
}

/** A change on the server: what shows it is read again, and what goes wrong is said. */
export function useChange<R, V = void>(change: (values: V) => Promise<R>, options: Options<V, R>) {
  const problem = useProblemText();
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (result, values) => {
      void client.invalidateQueries({ queryKey: options.reads });
      options.onDone?.(result, values);
    },
    onError: (error) => {
      const { title, detail } = problem(error);
      say(detail ? `${title}: ${detail}` : title, "bad");
    },
  });
}
