export const access = {
  signIn: "Entrar",
  register: "Criar conta",
  email: "E-mail",
  password: "Senha",
  passwordHint: "Pelo menos 8 caracteres",
  passwordShort: "São necessários pelo menos 8 caracteres",
  emailWrong: "Um e-mail tem a forma nome@exemplo.com",
  show: "Mostrar a senha",
  hide: "Esconder a senha",
  haveAccount: "Já tenho conta",
  noAccount: "Ainda não tenho conta",
  wrong: "Nenhuma conta tem este e-mail e esta senha",
  taken: "Este e-mail já tem uma conta. Entre com ela.",
  lead: "De títulos a áudio narrado, em quantos idiomas você quiser.",
  ended: "Sua sessão terminou. Entre para continuar de onde estava.",
};

export const history = {
  title: "Lotes",
  lead: "Tudo o que você já fez, do mais novo ao mais antigo.",
  search: "Buscar pelo nome",
  state: "Estado",
  empty: "Nenhum lote ainda",
  emptyText: "Dê um título e escolha alguns idiomas: o primeiro áudio fica pronto em instantes.",
  noMatch: "Nenhum lote corresponde",
  clear: "Limpar os filtros",
  unnamed: "Sem nome",
  progress: "{percent}% pronto",
};

export const settings = {
  title: "Ajustes",
  appearance: "Aparência",
  theme: "Tema",
  themeSystem: "Como o sistema",
  themeLight: "Claro",
  themeDark: "Escuro",
  language: "Idioma",
  defaults: "O que os lotes têm quando você não diz outra coisa",
  defaultsHint: "Também os que seus programas pedem.",
  asItComes: "Como vier",
  account: "Conta",
  signedInAs: "Você entrou como {email}",
  notifications: "Notificações",
  notifyHint: "Avisa quando um lote termina e você está em outro lugar. Só neste aparelho.",
  notifyOn: "Avisar quando um lote terminar",
  notifyRefused: "O navegador recusa notificações desta página. Permita nas configurações dele.",
};

export const notify = {
  ended: "{name}: {state}",
  body: "{done} de {total} áudios estão prontos",
  open: "Abrir",
};
