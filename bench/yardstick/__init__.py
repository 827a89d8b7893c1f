"""What Starbid is measured against."""
