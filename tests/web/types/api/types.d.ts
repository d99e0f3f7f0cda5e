// The names by which the web app calls what the API answers and takes; schema.d.ts is made from the OpenAPI document.
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Me = Schemas["MeView"];
export type Preferences = Schemas["PreferencesView"];
export type PreferencesChange = Schemas["PreferencesUpdate"];
export type Device = Schemas["Device"];
export type Session = Schemas["SessionView"];
export type SessionCreate = Schemas["SessionCreate"];
export type SessionChange = Schemas["SessionUpdate"];
export type Status = Schemas["SessionStatus"];
export type Material = Schemas["MaterialView"];
export type BusyTime = Schemas["BusyTimeView"];
export type BusyUploaded = Schemas["BusyUploaded"];
export type Syllabus = Schemas["SyllabusView"];
export type Weekly = Schemas["WeeklyStatus"];
export type Job = Schemas["JobView"];
export type Unplaced = Schemas["UnplacedView"];
export type UpNext = Schemas["UpNextView"];
export type Suggestion = Schemas["SuggestionView"];
export type Summary = Schemas["SummaryView"];
export type Syllabus = Schemas["SyllabusView"];
export type Habits = Schemas["HabitsView"];
export type Replan = Schemas["ReplanView"];
export type Replanned = Schemas["ReplannedView"];
