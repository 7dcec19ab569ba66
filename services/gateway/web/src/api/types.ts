import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type Batch = Schemas["BatchRead"];
export type BatchCounts = Schemas["BatchCounts"];
export type BatchDraft = Schemas["BatchDraft"];
export type BatchState = Schemas["BatchState"];
export type Job = Schemas["JobRead"];
export type JobState = Schemas["JobState"];
export type Language = Schemas["LanguageRead"];
export type Mode = Schemas["Mode"];
export type Voice = Schemas["VoiceRead"];
export type Agent = Schemas["AgentRead"];
export type AgentDraft = Schemas["AgentDraft"];
export type Estimate = Schemas["EstimateRead"];
export type JobDetail = Schemas["JobDetail"];
export type ReviewItem = Schemas["ReviewItem"];
export type Sentence = Schemas["SentenceRead"];
