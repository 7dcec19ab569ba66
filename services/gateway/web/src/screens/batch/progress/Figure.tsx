export function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className="figures mt-0.5 truncate text-base font-medium">{value}</dd>
    </div>
  );
}
