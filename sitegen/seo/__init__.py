"""What search engines and sharing services read: schema.org objects, titles, the sitemap, robots.txt, the manifest."""
