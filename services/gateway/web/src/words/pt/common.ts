export const common = {
  loading: "Carregando",
  retry: "Tentar de novo",
  close: "Fechar",
  back: "Voltar",
  cancel: "Cancelar",
  save: "Salvar",
  saved: "Salvo",
  remove: "Remover",
  search: "Buscar",
  optional: "opcional",
  more: "Mostrar mais",
  all: "Todos",
  none: "Nenhum",
  copy: "Copiar",
  copied: "Copiado",
  offline: "Você está sem conexão. O que aparece pode estar desatualizado e se atualiza sozinho.",
  reload: "Recarregar",
  crashed: "Esta página parou de funcionar",
  notFound: "Não há nada neste endereço",
  home: "Ir para seus lotes",
};

export const nav = {
  label: "Principal",
  skip: "Ir para o conteúdo",
  menu: "Menu",
  newBatch: "Novo lote",
  batches: "Lotes",
  agents: "Agentes",
  voices: "Vozes",
  analytics: "Análises",
  keys: "Chaves",
  webhooks: "Webhooks",
  settings: "Ajustes",
  deadLetters: "Não processados",
  signOut: "Sair",
  docs: "API",
};

export const problem = {
  offline: "Não foi possível falar com o servidor. Verifique sua conexão.",
  unavailable: "Uma parte do sistema está fora do ar. Logo volta.",
  unauthenticated: "Entre para continuar",
  forbidden: "Sua conta não pode fazer isso",
  notFound: "Isto não está aqui, ou não é seu",
  notReady: "Isto ainda não foi feito",
  invalid: "Algo aqui precisa mudar",
  conflict: "Isto não é possível agora",
  tooLarge: "Isto é grande demais para enviar",
  tooMany: "Rápido demais. Espere um momento.",
  notConfigured: "Esta instalação não está preparada para isso",
  unknown: "Não funcionou",
};

export const state = {
  queued: "Na fila",
  running: "Em andamento",
  paused: "Pausado",
  awaiting_review: "Em revisão",
  scripting: "Escrevendo",
  adapting: "Adaptando",
  narrating: "Narrando",
  retrying: "Tentando de novo",
  completed: "Pronto",
  completed_with_errors: "Pronto, com erros",
  failed: "Falhou",
  cancelled: "Cancelado",
};

export const unit = {
  jobs_one: "{count} áudio",
  jobs_other: "{count} áudios",
  titles_one: "{count} título",
  titles_other: "{count} títulos",
  languages_one: "{count} idioma",
  languages_other: "{count} idiomas",
  voices_one: "{count} voz",
  voices_other: "{count} vozes",
  variations_one: "{count} variação",
  variations_other: "{count} variações",
};

export const mode = {
  expand_languages: "Um título, vários idiomas",
  expand_titles: "Vários títulos, um idioma",
  matrix: "Vários títulos, vários idiomas",
};
