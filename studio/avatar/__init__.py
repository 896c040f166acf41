"""The avatar engine: a photo and a recipe in, a framed, cut-out, styled picture out; imports no model."""
