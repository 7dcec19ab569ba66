"""The Gemini Developer API (`google-genai`), as far as writing and speaking have it in common."""
