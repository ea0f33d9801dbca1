"""Connection cards, strips, banners and their forms."""
