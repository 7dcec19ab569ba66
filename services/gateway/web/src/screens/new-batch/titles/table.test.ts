import { expect, test } from "vitest";
import { isSheet, parseCsv, titlesOfFile } from "./table";

test("quotes may hold separators, lines and quotes", () => {
  expect(parseCsv('a,"b, ""c""\nd"\r\n"e",f')).toEqual([
    ["a", 'b, "c"\nd'],
    ["e", "f"],
  ]);
});

test("a spreadsheet of Brazil separates with semicolons", () => {
  expect(parseCsv("\uFEFFtítulo;idioma\nAbelhas, e mel;pt-BR")).toEqual([
    ["título", "idioma"],
    ["Abelhas, e mel", "pt-BR"],
  ]);
});

test("empty lines and a last line end are nothing", () => {
  expect(parseCsv("a\n\n,\nb\n")).toEqual([["a"], ["b"]]);
});

test("titles come from the column of that name, else from the first", () => {
  expect(titlesOfFile("x.csv", "id,Title\n1,Bees\n2,Ants")).toEqual(["Bees", "Ants"]);
  expect(titlesOfFile("x.csv", "Bees,1\nAnts,2")).toEqual(["Bees", "Ants"]);
});

test("a text has a title a line, commas and all", () => {
  expect(titlesOfFile("x.txt", "Bees, and honey\n\nAnts")).toEqual(["Bees, and honey", "Ants"]);
});

test("what has languages is a sheet of its own, and so is a workbook", () => {
  expect(isSheet("x.xlsx", "PK")).toBe(true);
  expect(isSheet("x.csv", "title,language\nBees,pt-BR")).toBe(true);
  expect(isSheet("x.csv", "title\nthe language of bees")).toBe(false);
  expect(isSheet("x.txt", "language")).toBe(false);
});
