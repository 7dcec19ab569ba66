import { queryOptions } from "@tanstack/react-query";
import { api, got } from "./client";
import type { components } from "./schema.gen";

type Schemas = components["schemas"];
export type ProviderKey = Schemas["ProviderKeyRead"];
export type ApiKey = Schemas["ApiKeyRead"];

export const providerKeysQuery = queryOptions({
  queryKey: ["keys", "provider"],
  queryFn: async ({ signal }) => (await got(api.GET("/v1/me/keys", { signal }))).items,
});

export const apiKeysQuery = queryOptions({
  queryKey: ["keys", "api"],
  queryFn: async ({ signal }) => (await got(api.GET("/v1/me/api-keys", { signal }))).items,
});

export function addProviderKey(body: Schemas["ProviderKeyCreate"]) {
  return got(api.POST("/v1/me/keys", { body }));
}

export function switchProviderKey(keyId: string, enabled: boolean) {
  const params = { path: { key_id: keyId } };
  return got(api.PATCH("/v1/me/keys/{key_id}", { params, body: { enabled } }));
}

export function testProviderKey(keyId: string) {
  return got(api.POST("/v1/me/keys/{key_id}/test", { params: { path: { key_id: keyId } } }));
}

export function removeProviderKey(keyId: string) {
  return got(api.DELETE("/v1/me/keys/{key_id}", { params: { path: { key_id: keyId } } }));
}

export function makeApiKey(body: Schemas["ApiKeyCreate"]) {
  return got(api.POST("/v1/me/api-keys", { body }));
}

export function revokeApiKey(keyId: string) {
  return got(api.DELETE("/v1/me/api-keys/{key_id}", { params: { path: { key_id: keyId } } }));
}
